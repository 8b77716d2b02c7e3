-- What contacts did in other systems, as these report it: an order, a visit, a renewal. The id that the system gives is
-- the key, so that a repeated report changes nothing as long as the first one is kept.
CREATE TABLE activity (
    workspace_id bigint         NOT NULL,
    event_id     text           COLLATE "C" NOT NULL CHECK (event_id <> ''),
    contact_id   bigint         NOT NULL,
    name         text           COLLATE "C" NOT NULL CHECK (name <> ''),
    occurred_at  timestamptz    NOT NULL,
    value        numeric(18, 6),
    currency     text           COLLATE "C" CHECK (currency ~ '^[A-Z]{3}$'),
    properties   jsonb          NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(properties) = 'object'),
    received_at  timestamptz    NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, event_id),
    CHECK ((value IS NULL) = (currency IS NULL))
);
CREATE INDEX activity_by_contact ON activity (workspace_id, contact_id, name, occurred_at);
-- They arrive nearly in the order of time, in which retention deletes them.
CREATE INDEX activity_by_time ON activity USING brin (occurred_at);
ALTER TABLE activity ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON activity
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- Segments look again at whoever did something, and at whoever is no longer known to have done it.
CREATE TRIGGER activity_added AFTER INSERT ON activity REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER activity_removed AFTER DELETE ON activity REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();

-- Whichever way a contact goes, nothing that it did stays behind under a number that an erasure could not find.
CREATE FUNCTION remove_activities_of_contacts() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    DELETE FROM activity a USING removed r
     WHERE a.workspace_id = r.workspace_id AND a.contact_id = r.id;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_removed_with_activities AFTER DELETE ON contact REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION remove_activities_of_contacts();
