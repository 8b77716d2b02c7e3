-- Nobody can tell from the members of today who has left, so whoever comes and goes is counted as it happens, in the
-- same commit. Triggers do it, since members are written by people, imports, forms and deletions, and what one of
-- them forgets could never be found again. One row a statement and list, however many members it touched, so that
-- an import waits for nobody; rows that are old enough are put together by hours.

CREATE TABLE list_change (
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    workspace_id bigint      NOT NULL,
    list_id      bigint      NOT NULL DEFAULT 0,
    gained       int         NOT NULL DEFAULT 0 CHECK (gained >= 0),
    lost         int         NOT NULL DEFAULT 0 CHECK (lost >= 0),
    subscribed   int         NOT NULL DEFAULT 0 CHECK (subscribed >= 0),
    unsubscribed int         NOT NULL DEFAULT 0 CHECK (unsubscribed >= 0),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON COLUMN list_change.list_id IS '0: the contacts of the workspace, whatever their lists';
COMMENT ON COLUMN list_change.subscribed IS 'Members whose status became SUBSCRIBED; unsubscribed: stopped being it';
ALTER TABLE list_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON list_change
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

CREATE TABLE list_hour (
    workspace_id bigint      NOT NULL,
    list_id      bigint      NOT NULL,
    hour         timestamptz NOT NULL CHECK (hour = date_bin('1 hour', hour, timestamptz 'epoch')),
    gained       bigint      NOT NULL CHECK (gained >= 0),
    lost         bigint      NOT NULL CHECK (lost >= 0),
    subscribed   bigint      NOT NULL CHECK (subscribed >= 0),
    unsubscribed bigint      NOT NULL CHECK (unsubscribed >= 0),
    PRIMARY KEY (workspace_id, list_id, hour)
);
ALTER TABLE list_hour ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON list_hour
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

CREATE FUNCTION count_members_that_came_or_went() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO list_change (workspace_id, list_id, gained, lost)
    SELECT workspace_id, list_id, count(*) FILTER (WHERE TG_OP = 'INSERT'), count(*) FILTER (WHERE TG_OP = 'DELETE')
      FROM touched
     GROUP BY workspace_id, list_id;
    RETURN NULL;
END $$;

CREATE FUNCTION count_contacts_that_came_or_went() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO list_change (workspace_id, gained, lost)
    SELECT workspace_id, count(*) FILTER (WHERE TG_OP = 'INSERT'), count(*) FILTER (WHERE TG_OP = 'DELETE')
      FROM touched
     GROUP BY workspace_id;
    RETURN NULL;
END $$;

-- A row each, since few statuses change at once; asked only where one does.
CREATE FUNCTION count_contact_that_became_mailable_or_not() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO list_change (workspace_id, list_id, subscribed, unsubscribed)
    SELECT NEW.workspace_id, l.id, (NEW.status = 'SUBSCRIBED')::int, (OLD.status = 'SUBSCRIBED')::int
      FROM (SELECT 0 AS id
             UNION ALL
            SELECT list_id FROM list_member WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.id) AS l;
    RETURN NULL;
END $$;

-- Hours go with their list. Whoever adds to them holds its row until the commit, and so is waited for here.
CREATE FUNCTION forget_hours_of_a_list() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    DELETE FROM list_hour WHERE workspace_id = OLD.workspace_id AND list_id = OLD.id;
    RETURN NULL;
END $$;

CREATE TRIGGER list_removed AFTER DELETE ON list
    FOR EACH ROW EXECUTE FUNCTION forget_hours_of_a_list();
CREATE TRIGGER member_gained AFTER INSERT ON list_member REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_members_that_came_or_went();
CREATE TRIGGER member_lost AFTER DELETE ON list_member REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_members_that_came_or_went();
CREATE TRIGGER contact_gained AFTER INSERT ON contact REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_contacts_that_came_or_went();
CREATE TRIGGER contact_lost AFTER DELETE ON contact REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_contacts_that_came_or_went();
CREATE TRIGGER contact_mailable_or_not AFTER UPDATE OF status ON contact
    FOR EACH ROW WHEN ((OLD.status = 'SUBSCRIBED') <> (NEW.status = 'SUBSCRIBED'))
    EXECUTE FUNCTION count_contact_that_became_mailable_or_not();

-- After the triggers, whose locks let nobody write in between: what is before it was not counted.
ALTER TABLE workspace ADD COLUMN growth_since timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN workspace.growth_since IS 'From when on whoever comes and goes is counted';

CREATE FUNCTION workspaces_with_list_changes() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT w.id FROM workspace w
         WHERE EXISTS (SELECT FROM list_change c WHERE c.workspace_id = w.id);
    END;
