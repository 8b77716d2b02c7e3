-- By which account of an OpenID Connect provider a person is known. The subject never changes; an address may.
CREATE TABLE person_identity (
    issuer     text        NOT NULL CHECK (issuer <> ''),
    subject    text        NOT NULL CHECK (subject <> '' AND length(subject) <= 255),
    person_id  bigint      NOT NULL REFERENCES person ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
-- One account of a provider: another with the same address does not become the person.
CREATE UNIQUE INDEX person_identity_person ON person_identity (person_id, issuer);
ALTER TABLE person_identity ENABLE ROW LEVEL SECURITY;
CREATE POLICY identity ON person_identity
    USING ((SELECT identity_at_work()))
    WITH CHECK ((SELECT identity_at_work()));

-- Invitations that somebody with this address can still accept.
CREATE FUNCTION invitations_of_email(invited text) RETURNS TABLE (workspace_id bigint, id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT i.workspace_id, i.id
          FROM invitation i
         WHERE i.email = invited AND i.accepted_at IS NULL AND i.expires_at > now();
    END;
REVOKE ALL ON FUNCTION invitations_of_email(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitations_of_email(text) TO mailgenius_app;
