-- Other systems know a contact by a number of their own, which stays when the address changes.
ALTER TABLE contact ADD COLUMN external_id text COLLATE "C" CHECK (external_id <> '');
CREATE UNIQUE INDEX contact_by_external_id ON contact (workspace_id, external_id) WHERE external_id IS NOT NULL;
