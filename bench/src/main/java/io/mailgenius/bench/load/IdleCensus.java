package io.mailgenius.bench.load;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The work that PostgreSQL has done for idle nodes, and their segments. */
public final class IdleCensus {

    private final JdbcClient owner;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public IdleCensus(String jdbcUrl, String username, String password) {
        owner = JdbcClient.create(new DriverManagerDataSource(jdbcUrl, username, password));
    }

    /**
     * @param transactions completed since the server started
     * @param rows read by scans and by indexes
     * @param walBytes written to the WAL
     */
    public record Work(long transactions, long rows, long walBytes) {

        public Work minus(Work before) {
            return new Work(
                    transactions - before.transactions,
                    rows - before.rows,
                    walBytes - before.walBytes);
        }
    }

    public Work work() {
        return owner.sql(
                        """
                        SELECT d.xact_commit + d.xact_rollback AS transactions, d.tup_returned + d.tup_fetched AS rows,
                               CAST(pg_current_wal_lsn() - '0/0' AS bigint) AS wal
                          FROM pg_stat_database d WHERE d.datname = current_database()
                        """)
                .query(
                        (row, _) ->
                                new Work(
                                        row.getLong("transactions"),
                                        row.getLong("rows"),
                                        row.getLong("wal")))
                .single();
    }

    /**
     * Creates a segment per workspace; one in ten counts days. Earlier changes of contacts are
     * discarded.
     */
    public void makeSegments() {
        owner.sql("DELETE FROM contact_change").update();
        owner.sql(
                        """
                        INSERT INTO segment (workspace_id, name, rule, status, seen_tx, refreshed_at, counted_at, counted_zone)
                        SELECT w.id, 'All the time',
                               CASE WHEN w.id % 10 = 0
                                    THEN jsonb '{"field": "createdAt", "op": "withinDays", "value": 30}'
                                    ELSE jsonb '{"field": "city", "op": "equals", "value": "City7"}' END,
                               'READY', contact_change_horizon(), now() - interval '6 minutes', now(), w.time_zone
                          FROM workspace w
                        """)
                .update();
    }

    /** The number of segments that no node has evaluated yet. */
    public long neverLookedAt() {
        return owner.sql("SELECT count(*) FROM segment WHERE turns_at = '-infinity'")
                .query(Long.class)
                .single();
    }
}
