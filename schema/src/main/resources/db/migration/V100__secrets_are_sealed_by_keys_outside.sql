-- A secret is stored sealed: encrypted under a key of its own, which is encrypted under a master key that is in a
-- file and never here. Every column of this domain is found by `./mailgenius secrets`, so that a new master key
-- reaches all of them. Bytes 6 to 9 are the number of the master key: four bytes of a length and one of a version
-- stand before it.
CREATE DOMAIN sealed_secret AS bytea CHECK (length(VALUE) > 40);
