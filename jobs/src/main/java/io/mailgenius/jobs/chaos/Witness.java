package io.mailgenius.jobs.chaos;

import io.mailgenius.jobs.chaos.Sight.ChunkSeen;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks at the ledger from outside, past row-level security and past every node. */
public final class Witness {

    private final JdbcClient jdbc;

    /**
     * @param jdbcUrl of the login that owns the tables
     */
    public Witness(String jdbcUrl, String username, String password) {
        jdbc = owner(jdbcUrl, username, password);
    }

    /** A connection for each question: the server is stopped and started in between. */
    static JdbcClient owner(String jdbcUrl, String username, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        source.setUser(username);
        source.setPassword(password);
        source.setConnectTimeout(5);
        source.setSocketTimeout(20);
        return JdbcClient.create(source);
    }

    /** Empty while the database is away, or the campaign is not launched. */
    public Optional<Sight> look(long campaignId) {
        try {
            return jdbc.sql(
                            """
                            SELECT l.state, l.epoch, l.owner, l.error, l.job_instance_id
                              FROM campaign c JOIN launch l ON l.id = c.launch_id WHERE c.id = :campaign
                            """)
                    .param("campaign", campaignId)
                    .query(
                            (row, n) ->
                                    new Sight(
                                            LaunchState.valueOf(row.getString("state")),
                                            row.getInt("epoch"),
                                            row.getString("owner"),
                                            row.getString("error"),
                                            chunks(row.getLong("job_instance_id"))))
                    .optional();
        } catch (DataAccessException away) {
            return Optional.empty();
        }
    }

    /** Whether a node of this process runs a job. */
    public boolean runsJob(long pid) {
        return jdbc
                .sql("SELECT owner FROM launch WHERE state = 'RUNNING'")
                .query(String.class)
                .list()
                .stream()
                .anyMatch(owner -> Sight.isOf(owner, pid));
    }

    private List<ChunkSeen> chunks(long jobInstanceId) {
        return jdbc.sql(
                        """
                        SELECT id, state, attempt, failures, owner, finished_at, error
                          FROM chunk WHERE job_instance_id = :instance ORDER BY id
                        """)
                .param("instance", jobInstanceId)
                .query(Witness::chunk)
                .list();
    }

    private static ChunkSeen chunk(ResultSet row, int number) throws SQLException {
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
