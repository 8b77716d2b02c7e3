package io.mailgenius.bench.load;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Reads the states of campaigns by plain SQL, independently of the nodes, on its own connection.
 */
public final class CampaignCensus implements AutoCloseable {

    private final SingleConnectionDataSource source;
    private final JdbcClient jdbc;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public CampaignCensus(String jdbcUrl, String username, String password) {
        source = new SingleConnectionDataSource(jdbcUrl, username, password, true);
        jdbc = JdbcClient.create(source);
    }

    /** The number of campaigns per status, without drafts. */
    public synchronized Map<String, Long> statuses() {
        Map<String, Long> statuses = new TreeMap<>();
        jdbc.sql("SELECT status, count(*) FROM campaign WHERE status <> 'DRAFT' GROUP BY status")
                .query(
                        row -> {
                            statuses.put(row.getString(1), row.getLong(2));
                        });
        return statuses;
    }

    /** The end of each campaign with status SENT, by id. */
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

    /**
     * The slowest jobs of a workspace, with the seconds of each phase: from the request to the
     * start, to the start of the first chunk, to the end of the last chunk, to the end of the job.
     */
    public synchronized List<Map<String, @Nullable Object>> slowest(
            long workspace, Instant since, int most) {
        return jdbc.sql(
                        """
                        SELECT l.job_name AS job,
                               extract(epoch FROM l.requested_at - :since::timestamptz) AS asked,
                               extract(epoch FROM l.started_at - l.requested_at) AS begun,
                               extract(epoch FROM c.begun - l.started_at) AS "firstChunkBegun",
                               extract(epoch FROM c.done - c.begun) AS "lastChunkDone",
                               extract(epoch FROM l.ended_at - c.done) AS ended
                          FROM launch l
                          JOIN LATERAL (SELECT min(c.started_at) AS begun, max(c.finished_at) AS done FROM chunk c
                                         WHERE c.job_instance_id = l.job_instance_id) c ON true
                         WHERE l.workspace_id = :workspace AND l.requested_at >= :since::timestamptz
                           AND l.ended_at IS NOT NULL
                         ORDER BY l.ended_at - l.requested_at DESC LIMIT :most
                        """)
                .param("workspace", workspace)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .query()
                .listOfRows();
    }

    /** The number of client connections to the server, without this one. */
    public synchronized int connections() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                        """)
                .query(Integer.class)
                .single();
    }

    /** The number of those that are idle in a transaction. */
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
