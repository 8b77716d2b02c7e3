package io.mailgenius.engine.launching;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

final class LaunchStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    LaunchStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Empty if the job and key are there already. */
    Optional<Launch> insert(LaunchRequest request, long workspaceId, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO launch (workspace_id, job_name, job_key, parameters, priority, requested_at)
                        VALUES (:workspace, :job, :key, :parameters::jsonb, :priority, :now)
                        ON CONFLICT (job_name, job_key) DO NOTHING
                        RETURNING *
                        """)
                .param("workspace", workspaceId)
                .param("job", request.jobName())
                .param("key", request.jobKey())
                .param("parameters", json.writeValueAsString(request.parameters()))
                .param("priority", request.priority().name())
                .param("now", at(now))
                .query(this::launch)
                .optional();
    }

    Optional<Launch> find(long id) {
        return jdbc.sql("SELECT * FROM launch WHERE id = :id")
                .param("id", id)
                .query(this::launch)
                .optional();
    }

    Optional<Launch> findByExecution(long jobExecutionId) {
        return jdbc.sql(
                        """
                        SELECT l.* FROM launch l
                          JOIN batch_job_execution e ON e.job_instance_id = l.job_instance_id
                         WHERE e.job_execution_id = :execution
                        """)
                .param("execution", jobExecutionId)
                .query(this::launch)
                .optional();
    }

    /** A node takes the run on: from now on every earlier epoch is refused. */
    Optional<Launch> take(long id, int run, String node, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE launch
                           SET state = CASE state WHEN 'QUEUED' THEN 'RUNNING' ELSE state END,
                               owner = :node, epoch = epoch + 1, error = NULL, started_at = coalesce(started_at, :now)
                         WHERE id = :id AND run = :run AND state IN ('QUEUED', 'RUNNING', 'STOPPING')
                        RETURNING *
                        """)
                .param("id", id)
                .param("run", run)
                .param("node", node)
                .param("now", at(now))
                .query(this::launch)
                .optional();
    }

    /** Why it does not go on for now; forgotten when a node takes it on again. */
    void troubled(long id, int epoch, String trouble) {
        jdbc.sql("UPDATE launch SET error = :trouble WHERE id = :id AND epoch = :epoch")
                .param("trouble", trouble)
                .param("id", id)
                .param("epoch", epoch)
                .update();
    }

    /**
     * False if another node has taken it on meanwhile, or if it has stopped and the stop was taken
     * back.
     */
    boolean ended(long id, int epoch, LaunchState state, @Nullable String error, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE launch SET state = :state, error = :error, ended_at = :now
                                 WHERE id = :id AND epoch = :epoch
                                   AND (state = 'STOPPING' OR state = 'RUNNING' AND :state <> 'STOPPED')
                                """)
                        .param("state", state.name())
                        .param("error", error)
                        .param("now", at(now))
                        .param("id", id)
                        .param("epoch", epoch)
                        .update()
                == 1;
    }

    /**
     * Whether nobody stops it; nobody can until the caller's transaction ends. False also if
     * another node has taken it on.
     */
    boolean mayRest(long id, int epoch) {
        return jdbc.sql(
                        """
                        SELECT state = 'RUNNING' FROM launch WHERE id = :id AND epoch = :epoch
                           FOR NO KEY UPDATE
                        """)
                .param("id", id)
                .param("epoch", epoch)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    void lock(long id) {
        jdbc.sql("SELECT id FROM launch WHERE id = :id FOR NO KEY UPDATE")
                .param("id", id)
                .query((row, n) -> row.getLong(1))
                .optional();
    }

    Optional<Launch> stop(long id) {
        return jdbc.sql(
                        """
                        UPDATE launch SET state = 'STOPPING'
                         WHERE id = :id AND state IN ('QUEUED', 'RUNNING', 'STOPPING')
                        RETURNING *
                        """)
                .param("id", id)
                .query(this::launch)
                .optional();
    }

    /** As if nobody had asked it to stop; empty if it does not stop, or has stopped already. */
    Optional<Launch> goOn(long id) {
        return jdbc.sql(
                        """
                        UPDATE launch SET state = CASE WHEN owner IS NULL THEN 'QUEUED' ELSE 'RUNNING' END
                         WHERE id = :id AND state = 'STOPPING'
                        RETURNING *
                        """)
                .param("id", id)
                .query(this::launch)
                .optional();
    }

    Optional<Launch> prioritise(long id, Priority priority) {
        return jdbc.sql(
                        """
                        UPDATE launch SET priority = :priority
                         WHERE id = :id AND state IN ('QUEUED', 'RUNNING', 'STOPPING')
                        RETURNING *
                        """)
                .param("priority", priority.name())
                .param("id", id)
                .query(this::launch)
                .optional();
    }

    Optional<Launch> requeue(long id, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE launch
                           SET state = 'QUEUED', run = run + 1, requested_at = :now, ended_at = NULL, error = NULL
                         WHERE id = :id AND state IN ('STOPPED', 'FAILED')
                        RETURNING *
                        """)
                .param("id", id)
                .param("now", at(now))
                .query(this::launch)
                .optional();
    }

    Optional<Launch> abandon(long id, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE launch SET state = 'ABANDONED', ended_at = coalesce(ended_at, :now)
                         WHERE id = :id AND state IN ('STOPPED', 'FAILED')
                        RETURNING *
                        """)
                .param("id", id)
                .param("now", at(now))
                .query(this::launch)
                .optional();
    }

    private Launch launch(ResultSet row, int number) throws SQLException {
        return new Launch(
                row.getLong("id"),
                row.getLong("workspace_id"),
                row.getString("job_name"),
                row.getString("job_key"),
                json.readValue(
                        row.getString("parameters"), new TypeReference<Map<String, String>>() {}),
                Priority.valueOf(row.getString("priority")),
                LaunchState.valueOf(row.getString("state")),
                row.getInt("run"),
                row.getInt("epoch"),
                row.getString("owner"),
                row.getObject("job_instance_id", Long.class),
                row.getObject("job_execution_id", Long.class),
                row.getString("error"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
