-- A job that loads a million rows is followed at once by queries over them, long before autovacuum looks
-- at the table: without statistics these get plans for an empty one. The working role does not own the
-- tables and so cannot ANALYZE them itself.

CREATE FUNCTION refresh_statistics(loaded text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    IF loaded NOT IN ('contact', 'list_member', 'segment_member') THEN
        RAISE EXCEPTION 'statistics of % are not refreshed by jobs', loaded;
    END IF;
    EXECUTE format('ANALYZE public.%I', loaded);
END $$;
