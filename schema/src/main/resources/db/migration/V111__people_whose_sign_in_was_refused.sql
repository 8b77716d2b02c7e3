-- Refused attempts to sign in, counted until they are in the audit trail: of each person or key the first one at once,
-- and the others of a quarter of an hour as one entry. A request stores a row for whatever name was given, so that it
-- takes as long for an address that nobody has; a task finds out whose it is.
CREATE TABLE refused_sign_in (
    door     text        NOT NULL CHECK (door IN ('PASSWORD', 'SECOND_FACTOR', 'KEY', 'OIDC', 'PASSKEY', 'LIMIT')),
    -- An e-mail address, 'person 17' or 'key 17'.
    subject  text        NOT NULL CHECK (length(subject) <= 320),
    -- From where the last attempt came.
    address  text        NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    attempts int         NOT NULL DEFAULT 1,
    -- How many of the attempts are in the audit trail.
    recorded int         NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, door)
);
ALTER TABLE refused_sign_in ENABLE ROW LEVEL SECURITY;
CREATE POLICY identity ON refused_sign_in
    USING ((SELECT identity_at_work()))
    WITH CHECK ((SELECT identity_at_work()));

-- In whose audit trail the attempts belong; nobody's if there is no such person or key.
CREATE FUNCTION workspaces_of_subject(subject text)
    RETURNS TABLE (workspace_id bigint, kind text, id bigint, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT m.workspace_id, 'PERSON', p.id, p.email
          FROM person p JOIN membership m ON m.person_id = p.id
         WHERE p.email = subject OR p.id = substring(subject FROM '^person ([0-9]{1,18})$')::bigint
         UNION ALL
        SELECT k.workspace_id, 'KEY', k.id, 'key ' || k.id
          FROM api_key k
         WHERE k.id = substring(subject FROM '^key ([0-9]{1,18})$')::bigint;
    END;

-- Which key this is or was: also one that is over.
CREATE FUNCTION api_key_of_hash(hash bytea) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT k.id FROM api_key k WHERE k.key_hash = hash;
    END;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['workspaces_of_subject(text)', 'api_key_of_hash(bytea)']
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mailgenius_app', name);
    END LOOP;
END $$;
