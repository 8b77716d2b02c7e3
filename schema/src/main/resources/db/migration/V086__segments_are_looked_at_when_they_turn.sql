-- Ten thousand quiet workspaces must cost nothing: each of their segments was looked at every five minutes, in a
-- transaction of its own. A segment now says when its rule next means other people although nobody has changed. Until
-- then one statement for all of them says that they are fresh.

ALTER TABLE segment ADD COLUMN turns_at timestamptz DEFAULT '-infinity';
COMMENT ON COLUMN segment.turns_at IS
    'When the rule next means another day or score; NULL is never, -infinity is not known yet';

-- Those that something happened to, that only counting can tell, or that turn; the one that waits the longest first.
-- Workspaces in which something changed are found by going through the index from one to the next.
CREATE OR REPLACE FUNCTION workspaces_with_segments_behind() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH RECURSIVE changed (workspace_id) AS (
            (SELECT g.workspace_id FROM contact_change g ORDER BY g.workspace_id LIMIT 1)
             UNION ALL
            SELECT (SELECT g.workspace_id FROM contact_change g
                     WHERE g.workspace_id > changed.workspace_id
                     ORDER BY g.workspace_id LIMIT 1)
              FROM changed
             WHERE changed.workspace_id IS NOT NULL
        ), behind AS (
            SELECT s.workspace_id, s.refreshed_at FROM segment s
             WHERE s.status = 'READY' AND NOT s.counting
               AND (s.seen_tx IS NULL OR s.refreshed_at IS NULL
                    OR s.turns_at <= now() AND s.refreshed_at < now() - interval '5 minutes')
             UNION ALL
            SELECT s.workspace_id, s.refreshed_at
              FROM changed JOIN segment s ON s.workspace_id = changed.workspace_id
             WHERE s.status = 'READY' AND NOT s.counting
               AND EXISTS (SELECT FROM contact_change g
                            WHERE g.workspace_id = s.workspace_id AND g.tx >= s.seen_tx)
        )
        SELECT behind.workspace_id FROM behind
         GROUP BY behind.workspace_id
         ORDER BY min(behind.refreshed_at) NULLS FIRST;
    END;

-- Of all workspaces: nothing has changed that they have not seen, so they are as fresh as this statement. One that
-- somebody holds is left out: waiting for it would hold all others.
CREATE FUNCTION quiet_segments_are_fresh(at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        UPDATE segment SET refreshed_at = at
          FROM (SELECT s.workspace_id, s.id FROM segment s
                 WHERE s.status = 'READY' AND NOT s.counting AND s.seen_tx IS NOT NULL
                   AND s.refreshed_at < at - interval '5 minutes'
                   AND (s.turns_at IS NULL OR s.turns_at > at)
                   AND NOT EXISTS (SELECT FROM contact_change g
                                    WHERE g.workspace_id = s.workspace_id AND g.tx >= s.seen_tx)
                   FOR NO KEY UPDATE OF s SKIP LOCKED) AS quiet
         WHERE segment.workspace_id = quiet.workspace_id AND segment.id = quiet.id;
    END;

-- Another zone has other days.
CREATE FUNCTION segments_turn_with_the_zone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    UPDATE segment SET turns_at = '-infinity' WHERE workspace_id = NEW.id AND turns_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER zone_changed AFTER UPDATE OF time_zone ON workspace
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
    EXECUTE FUNCTION segments_turn_with_the_zone();

-- Asked every five seconds, of all campaigns that ever had an event.
CREATE INDEX campaign_health_troubled ON campaign_health (workspace_id, campaign_id)
    WHERE paused_at IS NULL AND (bounced >= 5 OR complained >= 5 OR failed >= 5);
