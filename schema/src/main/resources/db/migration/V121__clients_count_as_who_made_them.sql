-- Who made it: whatever a client asks for cannot be approved by the same person.
ALTER TABLE oauth_client ADD COLUMN creator_id bigint;
