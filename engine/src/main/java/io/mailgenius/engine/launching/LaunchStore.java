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

    /** Returns empty if a launch with this job and key exists. */
    Optional<Launch> insert(LaunchRequest request, long workspaceId, Instant due, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO launch (workspace_id, job_name, job_key, parameters, priority, requested_at, due_at)
                        VALUES (:workspace, :job, :key, :parameters::jsonb, :priority, :now, :due)
                        ON CONFLICT (job_name, job_key) DO NOTHING
                        RETURNING *
                        """)
                .param("workspace", workspaceId)
                .param("job", request.jobName())
                .param("key", request.jobKey())
                .param("parameters", json.writeValueAsString(request.parameters()))
                .param("priority", request.priority().name())
                .param("now", at(now))
                .param("due", at(due))
                .query(this::launch)
                .optional();
    }

    /** Stores the trace that the job continues, which is that of the request that launches it. */
    void trace(long id, String traceParent) {
        jdbc.sql("UPDATE launch SET trace_parent = :parent WHERE id = :id")
                .param("parent", traceParent)
                .param("id", id)
                .update();
    }

    /**
     * The number of queued launches of the workspace that are due in the given interval, up to a
     * limit.
     *
     * @param since launches due before are not counted, because they are running or no manager is
     *     available
     */
    int queued(long workspaceId, Instant since, Instant due, int limit) {
        return jdbc.sql(
                        """
                        SELECT count(*)
                          FROM (SELECT FROM launch
                                 WHERE workspace_id = :workspace AND state = 'QUEUED'
                                   AND due_at BETWEEN :since AND :due
                                 LIMIT :limit) AS q
                        """)
                .param("workspace", workspaceId)
                .param("since", at(since))
                .param("due", at(due))
                .param("limit", limit)
                .query(Integer.class)
                .single();
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

    /** A launch that a node has taken over, and whether it was parked before. */
    record Taken(Launch launch, boolean resumed) {}

    /**
     * Takes the run over: the epoch is incremented, so that writes under earlier epochs are
     * rejected.
     */
    Optional<Taken> take(long id, int run, String node, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE launch
                           SET state = CASE launch.state WHEN 'QUEUED' THEN 'RUNNING' ELSE launch.state END,
                               owner = :node, epoch = epoch + 1, error = NULL, parked = false,
                               started_at = coalesce(started_at, :now)
                          FROM (SELECT parked AS was_parked FROM launch WHERE id = :id FOR UPDATE) AS before
                         WHERE id = :id AND run = :run AND state IN ('QUEUED', 'RUNNING', 'STOPPING')
                        RETURNING launch.*, before.was_parked
                        """)
                .param("id", id)
                .param("run", run)
                .param("node", node)
                .param("now", at(now))
                .query((row, n) -> new Taken(launch(row, n), row.getBoolean("was_parked")))
                .optional();
    }

    /** Stores why the launch is retried; cleared when a node takes it over again. */
    void recordError(long id, int epoch, String error) {
        jdbc.sql("UPDATE launch SET error = :error WHERE id = :id AND epoch = :epoch")
                .param("error", error)
                .param("id", id)
                .param("epoch", epoch)
                .update();
    }

    /**
     * Ends the launch.
     *
     * @param launch as this node took it over
     * @return false if another node has taken it over, if it would end STOPPED and the stop was
     *     withdrawn, or if it would end FAILED and failed chunks were retried
     */
    boolean ended(Launch launch, LaunchState state, @Nullable String error, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE launch
                                   SET state = :state, error = :error, ended_at = :now, parked = false, ending = NULL,
                                       (chunks, chunks_done, chunks_failed) =
                                       (SELECT count(*), count(*) FILTER (WHERE c.state = 'DONE'),
                                               count(*) FILTER (WHERE c.state = 'FAILED')
                                          FROM chunk c WHERE c.job_instance_id = launch.job_instance_id)
                                 WHERE id = :id AND epoch = :epoch
                                   AND (state = 'STOPPING' OR state = 'RUNNING' AND :state <> 'STOPPED')
                                   AND (:state <> 'FAILED' OR retries = :retries)
                                """)
                        .param("state", state.name())
                        .param("error", error)
                        .param("now", at(now))
                        .param("id", launch.id())
                        .param("epoch", launch.epoch())
                        .param("retries", launch.retries())
                        .update()
                == 1;
    }

    /**
     * Marks the launch as parked if it is still in the given state under this epoch, and locks its
     * row until the end of the caller's transaction. One that is to fail is not parked if failed
     * chunks were retried since it was taken over.
     *
     * @param ending how it ends, if it only waits for claimed chunks
     */
    boolean park(Launch launch, LaunchState decidedIn, @Nullable JobEnd ending) {
        boolean unchanged =
                jdbc.sql(
                                """
                                SELECT state = :state AND (NOT :ends OR retries = :retries)
                                  FROM launch WHERE id = :id AND epoch = :epoch
                                   FOR NO KEY UPDATE
                                """)
                        .param("state", decidedIn.name())
                        .param("ends", ending != null && ending.state() == LaunchState.FAILED)
                        .param("retries", launch.retries())
                        .param("id", launch.id())
                        .param("epoch", launch.epoch())
                        .query(Boolean.class)
                        .optional()
                        .orElse(false);
        if (unchanged) {
            jdbc.sql(
                            """
                            UPDATE launch SET parked = true, ending = :ending, ending_error = :error
                             WHERE id = :id
                            """)
                    .param("ending", ending == null ? null : ending.state().name())
                    .param("error", ending == null ? null : ending.error())
                    .param("id", launch.id())
                    .update();
        }
        return unchanged;
    }

    /** Locks the launch as {@link #lock} does, and reads it. */
    Optional<Launch> locked(long id) {
        return jdbc.sql("SELECT * FROM launch WHERE id = :id FOR NO KEY UPDATE")
                .param("id", id)
                .query(this::launch)
                .optional();
    }

    int retries(long id) {
        return jdbc.sql("SELECT retries FROM launch WHERE id = :id")
                .param("id", id)
                .query(Integer.class)
                .single();
    }

    /**
     * Counts a retry of chunks, so that a manager that has decided on a failure does not end it.
     */
    void retried(long id) {
        jdbc.sql("UPDATE launch SET retries = retries + 1 WHERE id = :id").param("id", id).update();
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

    /** Withdraws a stop; empty if the launch is not STOPPING. */
    Optional<Launch> withdrawStop(long id) {
        return jdbc.sql(
                        """
                        UPDATE launch SET state = CASE WHEN owner IS NULL THEN 'QUEUED' ELSE 'RUNNING' END,
                               ending = CASE WHEN ending = 'STOPPED' THEN NULL ELSE ending END
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
                           SET state = 'QUEUED', run = run + 1, requested_at = :now, due_at = :now, ended_at = NULL,
                               error = NULL, parked = false, ending = NULL, ending_error = NULL
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
                row.getInt("retries"),
                row.getString("owner"),
                row.getObject("job_instance_id", Long.class),
                row.getObject("job_execution_id", Long.class),
                row.getString("error"),
                ending(row),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"));
    }

    private static @Nullable JobEnd ending(ResultSet row) throws SQLException {
        String state = row.getString("ending");
        return state == null
                ? null
                : new JobEnd(LaunchState.valueOf(state), row.getString("ending_error"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
