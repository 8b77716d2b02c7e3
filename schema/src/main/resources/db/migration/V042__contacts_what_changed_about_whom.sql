-- Counting two million contacts by a rule must not read them: nodes keep an index of them in memory, and this table
-- tells which contacts to read again. Triggers write it, since what one writer of a table forgets, no count would
-- ever tell; one row a statement, however many contacts it touched. tx is the writer's transaction: whoever reads
-- remembers below which number all were over, and begins there next time, so that a transaction that commits late
-- is not missed. A clock or a sequence could not tell that.

CREATE TABLE contact_change (
    id           bigint   GENERATED ALWAYS AS IDENTITY,
    workspace_id bigint   NOT NULL,
    tx           bigint   NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS text) AS bigint),
    contact_ids  bigint[] NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX ON contact_change (workspace_id, tx);
ALTER TABLE contact_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON contact_change
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

CREATE FUNCTION note_changed_contacts() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO contact_change (workspace_id, contact_ids)
    SELECT workspace_id, array_agg(id) FROM touched GROUP BY workspace_id;
    RETURN NULL;
END $$;

CREATE FUNCTION note_contacts_that_acted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO contact_change (workspace_id, contact_ids)
    SELECT workspace_id, array_agg(contact_id) FROM touched GROUP BY workspace_id;
    RETURN NULL;
END $$;

-- Of the events only clicks are asked for by rules, for their links; the rest comes by way of engagement.
CREATE FUNCTION note_contacts_that_clicked() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO contact_change (workspace_id, contact_ids)
    SELECT workspace_id, array_agg(DISTINCT contact_id) FROM touched
     WHERE type = 'CLICKED' AND contact_id IS NOT NULL
     GROUP BY workspace_id;
    RETURN NULL;
END $$;

CREATE TRIGGER contact_added AFTER INSERT ON contact REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_contacts();
CREATE TRIGGER contact_changed AFTER UPDATE ON contact REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_contacts();
CREATE TRIGGER contact_removed AFTER DELETE ON contact REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_contacts();
CREATE TRIGGER member_added AFTER INSERT ON list_member REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER member_removed AFTER DELETE ON list_member REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER engagement_added AFTER INSERT ON engagement REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER engagement_changed AFTER UPDATE ON engagement REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER send_added AFTER INSERT ON send REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER send_changed AFTER UPDATE ON send REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_acted();
CREATE TRIGGER event_added AFTER INSERT ON event REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION note_contacts_that_clicked();

-- What all nodes have read. Those that have not heard of it for as long build their index anew.
CREATE FUNCTION contact_change_horizon() RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint);
    END;

CREATE FUNCTION forget_contact_changes(before bigint) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH gone AS (DELETE FROM contact_change WHERE tx < before RETURNING 1)
        SELECT count(*) FROM gone;
    END;
