-- A workspace may decide for how long its audit trail is kept. What is cut off is the beginning of the chain; the
-- anchor has the hash of the last entry that is gone, and the first entry that is left must follow it. The cut is an
-- entry of the chain itself, so an anchor that was forged contradicts it.
ALTER TABLE workspace ADD COLUMN audit_days int CHECK (audit_days >= 90);

CREATE TABLE audit_anchor (
    workspace_id bigint      PRIMARY KEY REFERENCES workspace,
    position     bigint      NOT NULL CHECK (position > 0),
    hash         bytea       NOT NULL CHECK (length(hash) = 32),
    cut_at       timestamptz NOT NULL
);
ALTER TABLE audit_anchor ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_anchor FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON audit_anchor
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_anchor FROM mailgenius_app;

-- Cuts what is older than the current workspace wants, so many entries at the most. The working role cannot cut
-- more, nor what is younger than 90 days.
CREATE FUNCTION cut_audit(most int) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    here constant bigint := current_workspace();
    days int;
    threshold timestamptz;
    last audit_entry;
    removed bigint;
BEGIN
    SELECT w.audit_days INTO days FROM workspace w WHERE w.id = here;
    IF days IS NULL THEN
        RETURN 0;
    END IF;
    threshold := now() - make_interval(days => days);
    -- Writers to the chain wait.
    PERFORM FROM audit_head h WHERE h.workspace_id = here FOR UPDATE;
    SELECT e.* INTO last FROM audit_entry e
     WHERE e.workspace_id = here
       AND e.position < least(
               coalesce((SELECT min(y.position) FROM audit_entry y WHERE y.workspace_id = here AND y.at >= threshold),
                        9223372036854775807),
               (SELECT min(o.position) FROM audit_entry o WHERE o.workspace_id = here) + most)
     ORDER BY e.position DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    DELETE FROM audit_entry e WHERE e.workspace_id = here AND e.position <= last.position;
    GET DIAGNOSTICS removed = ROW_COUNT;
    INSERT INTO audit_anchor (workspace_id, position, hash, cut_at)
    VALUES (here, last.position, last.hash, now())
    ON CONFLICT (workspace_id) DO UPDATE
       SET position = excluded.position, hash = excluded.hash, cut_at = excluded.cut_at;
    INSERT INTO audit_entry (workspace_id, actor, action, noun, target, after)
    VALUES (here, '{"kind": "OPERATOR", "name": "retention"}', 'DELETE', 'audit_entry', last.position::text,
            jsonb_build_object('through', last.position, 'at', last.at, 'hash', encode(last.hash, 'hex'),
                               'entries', removed, 'days', days));
    RETURN removed;
END $$;

-- As V088 has it, from the anchor on.
CREATE OR REPLACE FUNCTION audit_verify() RETURNS TABLE (entries bigint, broken bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH anchor AS (
            SELECT a.position, a.hash FROM audit_anchor a WHERE a.workspace_id = current_workspace()
            UNION ALL
            SELECT 0, sha256(''::bytea)
             WHERE NOT EXISTS (SELECT FROM audit_anchor n WHERE n.workspace_id = current_workspace())
        ), chain AS (
            SELECT e.position, e.hash,
                   e.position = (SELECT a.position FROM anchor a) + row_number() OVER by_position
                   AND e.previous_hash = coalesce(lag(e.hash) OVER by_position, (SELECT a.hash FROM anchor a))
                   AND e.hash = audit_hash(e.previous_hash, e) AS fits,
                   e.noun = 'audit_entry' AND e.action = 'DELETE'
                   AND e.after ->> 'hash' = (SELECT encode(a.hash, 'hex') FROM anchor a)
                   AND e.target = (SELECT a.position::text FROM anchor a) AS cut
              FROM audit_entry e
             WHERE e.workspace_id = current_workspace() AND e.position IS NOT NULL
            WINDOW by_position AS (ORDER BY e.position))
        SELECT count(*), coalesce(
               min(c.position) FILTER (WHERE c.fits IS NOT TRUE),
               (SELECT a.position + 1 FROM anchor a
                 WHERE a.position > 0 AND NOT EXISTS (SELECT FROM chain k WHERE k.cut)),
               (SELECT h.position FROM audit_head h
                 WHERE h.workspace_id = current_workspace()
                   AND NOT EXISTS (SELECT FROM chain l WHERE l.position = h.position AND l.hash = h.hash)))
          FROM chain c;
    END;

CREATE INDEX audit_entry_at ON audit_entry (workspace_id, at);

-- A person's changes are looked for by their id as well as by their name.
CREATE INDEX audit_entry_actor ON audit_entry (workspace_id, (actor ->> 'name'));
