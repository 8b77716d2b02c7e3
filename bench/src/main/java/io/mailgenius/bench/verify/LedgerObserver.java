package io.mailgenius.bench.verify;

import io.mailgenius.bench.verify.LedgerSnapshot.ChunkSeen;
import io.mailgenius.bench.verify.LedgerSnapshot.JobSeen;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the ledger from outside, without row-level security and independently of the nodes. */
public final class LedgerObserver {

    private final JdbcClient jdbc;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public LedgerObserver(String jdbcUrl, String username, String password) {
        jdbc = owner(jdbcUrl, username, password);
    }

    /** Opens a connection per query, because the server is stopped and started in between. */
    static JdbcClient owner(String jdbcUrl, String username, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        source.setUser(username);
        source.setPassword(password);
        source.setConnectTimeout(5);
        source.setSocketTimeout(20);
        return JdbcClient.create(source);
    }

    /** Empty while the database is unavailable, or if a campaign is not launched. */
    public Optional<LedgerSnapshot> look(List<Long> campaigns) {
        try {
            Map<Long, List<ChunkSeen>> chunks = new HashMap<>();
            jdbc.sql(
                            """
                            SELECT k.job_instance_id, k.id, k.state, k.attempt, k.failures, k.owner, k.finished_at, k.error
                              FROM campaign c JOIN launch l ON l.id = c.launch_id
                              JOIN chunk k ON k.job_instance_id = l.job_instance_id
                             WHERE c.id IN (:campaigns) ORDER BY k.id
                            """)
                    .param("campaigns", campaigns)
                    .query(
                            row -> {
                                chunks.computeIfAbsent(
                                                row.getLong("job_instance_id"),
                                                _ -> new ArrayList<>())
                                        .add(chunk(row));
                            });
            List<JobSeen> jobs =
                    jdbc.sql(
                                    """
                                    SELECT l.id, l.state, l.epoch, l.owner, l.error, l.parked, l.job_instance_id
                                      FROM campaign c JOIN launch l ON l.id = c.launch_id
                                     WHERE c.id IN (:campaigns) ORDER BY l.id
                                    """)
                            .param("campaigns", campaigns)
                            .query(
                                    (row, _) ->
                                            new JobSeen(
                                                    row.getLong("id"),
                                                    LaunchState.valueOf(row.getString("state")),
                                                    row.getInt("epoch"),
                                                    row.getString("owner"),
                                                    row.getString("error"),
                                                    row.getBoolean("parked"),
                                                    chunks.getOrDefault(
                                                            row.getLong("job_instance_id"),
                                                            List.of())))
                            .list();
            return jobs.size() < campaigns.size()
                    ? Optional.empty()
                    : Optional.of(new LedgerSnapshot(jobs));
        } catch (DataAccessException away) {
            return Optional.empty();
        }
    }

    /** The last heartbeat of each node, by id; empty while the database is unavailable. */
    public Map<String, Instant> heartbeats() {
        Map<String, Instant> beats = new HashMap<>();
        try {
            jdbc.sql("SELECT id, heartbeat_at FROM node")
                    .query(
                            row -> {
                                beats.put(
                                        row.getString("id"),
                                        row.getObject("heartbeat_at", OffsetDateTime.class)
                                                .toInstant());
                            });
        } catch (DataAccessException away) {
            return Map.of();
        }
        return beats;
    }

    /** The campaigns that were launched. */
    public List<Long> launched(List<Long> campaigns) {
        return campaigns.isEmpty()
                ? List.of()
                : jdbc.sql(
                                """
                                SELECT id FROM campaign
                                 WHERE id IN (:campaigns) AND launch_id IS NOT NULL ORDER BY id
                                """)
                        .param("campaigns", campaigns)
                        .query((row, _) -> row.getLong(1))
                        .list();
    }

    /** The seconds that each launched campaign waited for its first manager. */
    public List<Double> secondsUntilTaken(List<Long> campaigns) {
        return campaigns.isEmpty()
                ? List.of()
                : jdbc.sql(
                                """
                                SELECT extract(epoch FROM coalesce(l.started_at, clock_timestamp()) - l.requested_at)
                                  FROM campaign c JOIN launch l ON l.id = c.launch_id
                                 WHERE c.id IN (:campaigns)
                                """)
                        .param("campaigns", campaigns)
                        .query((row, _) -> row.getDouble(1))
                        .list();
    }

    /**
     * The number of launched campaigns that have not ended; all of them while the database is
     * unavailable.
     */
    public long unfinished(List<Long> campaigns) {
        try {
            return campaigns.isEmpty()
                    ? 0
                    : jdbc.sql(
                                    """
                                    SELECT count(*) FROM campaign
                                     WHERE id IN (:campaigns) AND status IN ('SENDING', 'SCHEDULED', 'PAUSED')
                                    """)
                            .param("campaigns", campaigns)
                            .query(Long.class)
                            .single();
        } catch (DataAccessException away) {
            return campaigns.size();
        }
    }

    /** Whether this is the id of a node in this process. */
    public static boolean isOf(String node, long pid) {
        return LedgerSnapshot.isOf(node, pid);
    }

    /** Whether a node in this process runs a job. */
    public boolean runsJob(long pid) {
        return jdbc
                .sql("SELECT owner FROM launch WHERE state = 'RUNNING'")
                .query(String.class)
                .list()
                .stream()
                .anyMatch(owner -> LedgerSnapshot.isOf(owner, pid));
    }

    private static ChunkSeen chunk(ResultSet row) throws SQLException {
        OffsetDateTime finished = row.getObject("finished_at", OffsetDateTime.class);
        return new ChunkSeen(
                row.getLong("id"),
                ChunkState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                row.getInt("failures"),
                row.getString("owner"),
                finished == null ? null : finished.toInstant(),
                row.getString("error"));
    }
}
