-- A statement that touches twenty thousand contacts writes their ids as one value. To pack it took longer than
-- to find out who they are: of what such a statement cost, a tenth.
ALTER TABLE contact_change ALTER COLUMN contact_ids SET STORAGE EXTERNAL;
