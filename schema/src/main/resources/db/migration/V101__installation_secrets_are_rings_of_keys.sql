-- Links in mails are signed with the newest key that was there when their campaign was launched, and name it; those
-- of mails from before name none, which is key 0. A new key is used from active_from on, when all nodes know it: two
-- nodes that repeat a batch must write the same links. Keys are never removed, because mails are kept for years.
ALTER TABLE installation_secret
    ADD COLUMN key_id      int         NOT NULL DEFAULT 0 CHECK (key_id >= 0),
    ADD COLUMN active_from timestamptz NOT NULL DEFAULT '-infinity',
    DROP CONSTRAINT installation_secret_pkey,
    ADD PRIMARY KEY (purpose, key_id);
