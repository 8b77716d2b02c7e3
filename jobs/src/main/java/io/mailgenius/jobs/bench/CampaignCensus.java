package io.mailgenius.jobs.bench;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What became of campaigns, by plain SQL past every node, on a connection of its own. */
public final class CampaignCensus implements AutoCloseable {

    private final SingleConnectionDataSource source;
    private final JdbcClient jdbc;

    /**
     * @param jdbcUrl of the login that owns the tables
     */
    public CampaignCensus(String jdbcUrl, String username, String password) {
        source = new SingleConnectionDataSource(jdbcUrl, username, password, true);
        jdbc = JdbcClient.create(source);
    }

    /** How many there are in each status, drafts left out. */
    public synchronized Map<String, Long> statuses() {
        Map<String, Long> statuses = new TreeMap<>();
        jdbc.sql("SELECT status, count(*) FROM campaign WHERE status <> 'DRAFT' GROUP BY status")
                .query(
                        row -> {
                            statuses.put(row.getString(1), row.getLong(2));
                        });
        return statuses;
    }

    /** When each campaign that is SENT was, by its id. */
    public synchronized Map<Long, Instant> sentAt() {
        Map<Long, Instant> sent = new HashMap<>();
        jdbc.sql("SELECT id, finished_at FROM campaign WHERE status = 'SENT'")
                .query(
                        row -> {
                            sent.put(
                                    row.getLong(1),
                                    row.getObject(2, OffsetDateTime.class).toInstant());
                        });
        return sent;
    }

    /** Connections that clients have to the server, this one left out. */
    public synchronized int connections() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                        """)
                .query(Integer.class)
                .single();
    }

    /** Of those, how many hold a transaction open and do nothing in it. */
    public synchronized int idleInTransaction() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE backend_type = 'client backend' AND state = 'idle in transaction'
                           AND state_change < clock_timestamp() - interval '1 second'
                        """)
                .query(Integer.class)
                .single();
    }

    @Override
    public synchronized void close() {
        source.destroy();
    }
}
