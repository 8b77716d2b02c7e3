-- So that `secrets rotate` brings them under the newest master key as well.
ALTER TABLE person ALTER COLUMN totp_secret TYPE sealed_secret;
