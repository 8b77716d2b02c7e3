-- Refreshing a segment must not read two million contacts for the few that changed. A segment remembers below which
-- transaction its members have seen all changes of contacts, and a refresh goes on from there. It is NULL when that is not
-- known: somebody has to count everybody. Forgetting changes that a segment has not seen makes it so, in the transaction
-- that forgets them.

ALTER TABLE segment
    ADD COLUMN seen_tx    bigint,
    ADD COLUMN counted_at timestamptz,
    ADD COLUMN counting   boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN segment.seen_tx IS 'All transactions below it are in the members; set when counting begins';
COMMENT ON COLUMN segment.counted_at IS 'The moment that days counted from when everybody was judged last';
COMMENT ON COLUMN segment.counting IS 'A launch judges everybody; nobody else may write members meanwhile';
UPDATE segment SET counted_at = refreshed_at;
UPDATE segment SET counting = true WHERE status = 'BUILDING';

CREATE OR REPLACE FUNCTION forget_contact_changes(before bigint) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH missed AS (
            UPDATE segment s SET seen_tx = NULL
             WHERE s.seen_tx < before
               AND EXISTS (SELECT FROM contact_change g
                            WHERE g.workspace_id = s.workspace_id AND g.tx >= s.seen_tx AND g.tx < before)
        ), gone AS (DELETE FROM contact_change WHERE tx < before RETURNING 1)
        SELECT count(*) FROM gone;
    END;

-- The one that waits the longest first. Segments that nothing happened to are looked at now and then as well, so that
-- they can say how fresh they are.
CREATE FUNCTION workspaces_with_segments_behind() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT s.workspace_id FROM segment s
         WHERE s.status = 'READY' AND NOT s.counting
           AND (s.seen_tx IS NULL
                OR s.refreshed_at IS NULL OR s.refreshed_at < now() - interval '5 minutes'
                OR EXISTS (SELECT FROM contact_change g
                            WHERE g.workspace_id = s.workspace_id AND g.tx >= s.seen_tx))
         GROUP BY s.workspace_id
         ORDER BY min(s.refreshed_at) NULLS FIRST;
    END;

-- Clicks on a link are found among the events. With a month of these they leave without a word in contact_change, so
-- segments that ask for a link are counted anew.
CREATE OR REPLACE FUNCTION forget_events(before timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET lock_timeout = '2s'
AS $$
DECLARE
    name      text;
    upper     timestamptz;
    forgotten int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('mailgenius.partition'));
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'public.event'::regclass AND c.relname ~ '^event_\d{4}_\d{2}$'
         ORDER BY c.relname
    LOOP
        upper := (to_date(substr(name, 7), 'YYYY_MM')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
        CONTINUE WHEN upper > before;
        CONTINUE WHEN EXISTS (SELECT FROM public.event_batch b
                               WHERE b.first_at < upper AND b.last_at >= upper - interval '1 month');
        EXECUTE format('ALTER TABLE public.event DETACH PARTITION public.%I', name);
        EXECUTE format('DROP TABLE public.%I', name);
        forgotten := forgotten + 1;
    END LOOP;
    DELETE FROM public.event_other WHERE occurred_at < before;
    IF forgotten > 0 THEN
        UPDATE public.segment SET seen_tx = NULL
         WHERE seen_tx IS NOT NULL AND jsonb_path_exists(rule, '$.**.link');
    END IF;
    RETURN forgotten;
END $$;
