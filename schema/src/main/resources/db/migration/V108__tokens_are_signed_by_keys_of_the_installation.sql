-- The private keys that sign tokens, sealed. The newest one that is active signs, all of them verify: a key is known to
-- every node before it signs, and stays until the last token that it signed has expired.
CREATE TABLE signing_key (
    -- 1, 2, 3 …: of nodes that make the first key at the same moment, one succeeds.
    number      int           PRIMARY KEY CHECK (number > 0),
    kid         text          NOT NULL UNIQUE CHECK (kid <> ''),
    private_key sealed_secret NOT NULL,
    active_from timestamptz   NOT NULL,
    created_at  timestamptz   NOT NULL DEFAULT now()
);
REVOKE UPDATE, DELETE, TRUNCATE ON signing_key FROM mailgenius_app;
