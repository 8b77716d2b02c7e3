-- The trace that a run of a job belongs to, as the header traceparent of W3C has it; chunks on other nodes continue it.
ALTER TABLE launch ADD COLUMN trace_parent text
    CHECK (trace_parent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');

-- What a node reports about itself every few seconds, for whoever watches all nodes at once. Not in table node, whose
-- rows the heartbeat writes three times per lease.
CREATE TABLE node_health (
    node_id      text             PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    -- The fullest of the disks that the node writes to, as a share.
    disk_used    double precision NOT NULL CHECK (disk_used BETWEEN 0 AND 1),
    -- Threads that wait for a connection of the main pool.
    pool_waiting int              NOT NULL CHECK (pool_waiting >= 0),
    reported_at  timestamptz      NOT NULL
);

-- How far the standby that is furthest behind has replayed, in seconds; NULL without standbys, or if the owner of the
-- tables may not see them (pg_read_all_stats).
CREATE FUNCTION replication_lag() RETURNS double precision
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT max(extract(epoch FROM r.replay_lag))::double precision FROM pg_stat_replication r;
    END;
REVOKE ALL ON FUNCTION replication_lag() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replication_lag() TO mailgenius_app;
