package io.mailgenius.engine.operations;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.schema.AttemptOutcome;
import io.mailgenius.schema.ChunkState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads single chunks of a job, with their attempts. */
final class JobChunkRows {

    private static final String CHUNKS =
            "SELECT c.* FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id WHERE l.id = :launch";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    JobChunkRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    List<ChunkView> inHand(long launchId, int limit) {
        return jdbc.sql(
                        CHUNKS
                                + """
                                 AND c.lease_until IS NOT NULL
                                 ORDER BY c.claimed_at, c.id LIMIT :limit
                                """)
                .param("launch", launchId)
                .param("limit", limit)
                .query((row, n) -> chunk(row))
                .list();
    }

    List<ChunkView> page(long launchId, ChunkFilter filter, long after, int limit) {
        return jdbc.sql(
                        CHUNKS
                                + """
                                 AND c.id > :after
                                 AND (cardinality(:states::text[]) = 0 OR c.state = ANY (:states))
                                 AND (:step::text IS NULL OR c.step_name = :step)
                                 AND (:partition::int IS NULL OR c.partition = :partition)
                                 AND (:cause::text IS NULL OR c.cause = :cause)
                                 AND (:attempts::int IS NULL OR c.attempt >= :attempts)
                                 ORDER BY c.id LIMIT :limit
                                """)
                .param("launch", launchId)
                .param("after", after)
                .param("states", filter.states().stream().map(Enum::name).toArray(String[]::new))
                .param("step", filter.step())
                .param("partition", filter.partition())
                .param("cause", filter.cause())
                .param("attempts", filter.attempts())
                .param("limit", limit)
                .query((row, n) -> chunk(row))
                .list();
    }

    Optional<ChunkDetail> one(long launchId, long chunkId) {
        return jdbc.sql(CHUNKS + " AND c.id = :chunk")
                .param("launch", launchId)
                .param("chunk", chunkId)
                .query(
                        (row, n) ->
                                new ChunkDetail(
                                        chunk(row),
                                        row.getString("payload"),
                                        row.getString("checkpoint"),
                                        counts(row.getString("counts")),
                                        List.of()))
                .optional()
                .map(it -> it.with(attempts(launchId, chunkId)));
    }

    private Map<String, Long> counts(@Nullable String counts) {
        return counts == null
                ? Map.of()
                : json.readValue(counts, new TypeReference<Map<String, Long>>() {});
    }

    private List<ChunkAttempt> attempts(long launchId, long chunkId) {
        return jdbc.sql(
                        """
                        SELECT a.* FROM launch l
                          JOIN chunk_attempt a ON a.workspace_id = l.workspace_id
                                              AND a.job_instance_id = l.job_instance_id
                         WHERE l.id = :launch AND a.chunk_id = :chunk
                         ORDER BY a.id
                        """)
                .param("launch", launchId)
                .param("chunk", chunkId)
                .query(
                        (row, n) ->
                                new ChunkAttempt(
                                        row.getInt("attempt"),
                                        alias(row.getString("node")),
                                        JobTimelines.instant(row, "started_at"),
                                        required(row, "ended_at"),
                                        AttemptOutcome.valueOf(row.getString("outcome")),
                                        row.getString("cause"),
                                        row.getString("error"),
                                        row.getString("stack")))
                .list();
    }

    private static ChunkView chunk(ResultSet row) throws SQLException {
        return new ChunkView(
                row.getLong("id"),
                row.getString("step_name"),
                row.getInt("partition"),
                row.getInt("sequence"),
                ChunkState.valueOf(row.getString("state")),
                row.getLong("items"),
                row.getInt("attempt"),
                row.getInt("failures"),
                alias(row.getString("owner")),
                JobTimelines.instant(row, "lease_until"),
                required(row, "ready_at"),
                JobTimelines.instant(row, "started_at"),
                JobTimelines.instant(row, "claimed_at"),
                JobTimelines.instant(row, "finished_at"),
                row.getString("cause"),
                row.getString("error"));
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(JobTimelines.instant(row, column));
    }

    private static @Nullable String alias(@Nullable String node) {
        return node == null ? null : NodeId.alias(node);
    }
}
