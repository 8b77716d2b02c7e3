-- A plan says how much a workspace may have; the operator sets it. What is used is counted by the transactions that
-- use it: each adds a row, so that none waits for another, and the rows of a day are added up later.

-- NULL: no limit. Whoever uses up what is left locks the row first.
CREATE TABLE workspace_limit (
    workspace_id bigint PRIMARY KEY REFERENCES workspace,
    contacts     bigint CHECK (contacts >= 0),
    -- In a calendar month, by UTC.
    mails        bigint CHECK (mails >= 0),
    -- In a minute.
    requests     int    CHECK (requests > 0),
    -- Bytes of uploaded files and archives.
    storage      bigint CHECK (storage >= 0)
);

-- The sum of the rows of a day is what was used on it.
CREATE TABLE metered_use (
    workspace_id bigint NOT NULL REFERENCES workspace,
    day          date   NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    mails        bigint NOT NULL DEFAULT 0,
    imports      bigint NOT NULL DEFAULT 0,
    requests     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, day, id)
);
CREATE INDEX metered_use_day ON metered_use (day);

-- The sum of the rows is the number of contacts.
CREATE TABLE contact_count (
    workspace_id bigint NOT NULL REFERENCES workspace,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    contacts     bigint NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
INSERT INTO contact_count (workspace_id, contacts)
SELECT workspace_id, count(*) FROM contact GROUP BY workspace_id;

-- What a workspace had at the end of a day.
CREATE TABLE held_on_day (
    workspace_id bigint NOT NULL REFERENCES workspace,
    day          date   NOT NULL,
    contacts     bigint NOT NULL,
    storage      bigint NOT NULL,
    PRIMARY KEY (workspace_id, day)
);

-- A file that is being uploaded in pieces takes its place from the announcement on.
CREATE TABLE upload_part (
    workspace_id bigint      NOT NULL REFERENCES workspace,
    key          text COLLATE "C" NOT NULL CHECK (key <> ''),
    bytes        bigint      NOT NULL CHECK (bytes >= 0),
    announced_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['workspace_limit', 'metered_use', 'contact_count', 'held_on_day', 'upload_part'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_workspace ON %I
                            USING (workspace_id = (SELECT current_workspace()))
                            WITH CHECK (workspace_id = (SELECT current_workspace()))', name);
    END LOOP;
END $$;
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON workspace_limit
    FOR EACH ROW EXECUTE FUNCTION audit_change('workspace_id', 'workspace_id');

-- Whichever statement adds or removes contacts, one row says how many.
CREATE FUNCTION count_contacts() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO contact_count (workspace_id, contacts)
    SELECT t.workspace_id, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
      FROM touched t GROUP BY t.workspace_id;
    RETURN NULL;
END $$;
CREATE TRIGGER counted_added AFTER INSERT ON contact REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_contacts();
CREATE TRIGGER counted_removed AFTER DELETE ON contact REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_contacts();

-- Bytes that the current workspace keeps in files and archives.
CREATE FUNCTION stored_bytes(now timestamptz) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT coalesce(sum(i.bytes), 0) FROM import i
             WHERE i.workspace_id = (SELECT current_workspace()) AND i.file_deleted_at IS NULL)
         + (SELECT coalesce(sum(e.bytes), 0) FROM privacy_export e
             WHERE e.workspace_id = (SELECT current_workspace()))
         + (SELECT coalesce(sum(u.bytes), 0) FROM upload_part u
             WHERE u.workspace_id = (SELECT current_workspace()) AND u.announced_at > now - interval '1 day');

-- Adds the rows of a day up, of all workspaces. A reader sees the rows or their sum, and never both.
CREATE FUNCTION add_up_use(since date) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH several AS (
            SELECT u.workspace_id, u.day FROM metered_use u WHERE u.day >= since
             GROUP BY u.workspace_id, u.day HAVING count(*) > 1
        ), gone AS (
            DELETE FROM metered_use u USING several s
             WHERE u.workspace_id = s.workspace_id AND u.day = s.day
            RETURNING u.workspace_id, u.day, u.mails, u.imports, u.requests
        )
        INSERT INTO metered_use (workspace_id, day, mails, imports, requests)
        SELECT g.workspace_id, g.day, sum(g.mails), sum(g.imports), sum(g.requests)
          FROM gone g GROUP BY g.workspace_id, g.day;
        WITH several AS (
            SELECT c.workspace_id FROM contact_count c GROUP BY c.workspace_id HAVING count(*) > 1
        ), gone AS (
            DELETE FROM contact_count c USING several s WHERE c.workspace_id = s.workspace_id
            RETURNING c.workspace_id, c.contacts
        )
        INSERT INTO contact_count (workspace_id, contacts)
        SELECT g.workspace_id, sum(g.contacts) FROM gone g GROUP BY g.workspace_id;
    END;

-- A campaign that is paused because the month's mails are used up goes on when so many may be sent again.
ALTER TABLE campaign ADD COLUMN awaited_mails bigint CHECK (awaited_mails > 0);

CREATE FUNCTION campaigns_awaiting_mails() RETURNS TABLE (workspace_id bigint, campaign_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT c.workspace_id, c.id FROM campaign c
         WHERE c.awaited_mails IS NOT NULL AND c.status = 'PAUSED' ORDER BY c.workspace_id, c.id;
    END;
CREATE INDEX campaign_awaiting_mails ON campaign (workspace_id, id) WHERE awaited_mails IS NOT NULL;
