package io.mailgenius.engine.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Queries over READY chunks: the order in which they are claimed, and whether they have been
 * published.
 */
public final class ReadyChunks {

    private final JdbcClient jdbc;

    public ReadyChunks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * READY chunks, in weighted round robin over the workspaces and the running jobs of each, for a
     * node that cannot reach Redis.
     */
    public List<Long> inTurn(int limit, Instant now) {
        return jdbc.sql(
                        """
                        SELECT v.id
                          FROM (SELECT c.id,
                                       row_number() OVER (
                                           PARTITION BY l.workspace_id
                                           ORDER BY c.visit::float / CASE l.priority WHEN 'HIGH' THEN 4
                                                                                     WHEN 'NORMAL' THEN 2
                                                                                     ELSE 1 END, l.id) AS turn
                                  FROM launch l
                                  CROSS JOIN LATERAL (
                                        SELECT r.id, row_number() OVER (ORDER BY r.id) AS visit
                                          FROM (SELECT id FROM chunk
                                                 WHERE job_instance_id = l.job_instance_id
                                                   AND unfinished AND state = 'READY' AND ready_at <= :now
                                                 ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED) AS r) AS c
                                 WHERE l.state = 'RUNNING') AS v
                         ORDER BY v.turn, v.id
                         LIMIT :limit
                        """)
                .param("limit", limit)
                .param("now", at(now))
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /** READY chunks of running jobs that were claimed at least once before, oldest first. */
    public List<Long> begunBefore(int limit, Instant now) {
        return jdbc.sql(
                        """
                        SELECT c.id
                          FROM chunk c JOIN launch l ON l.job_instance_id = c.job_instance_id
                         WHERE c.state = 'READY' AND c.attempt > 0 AND c.ready_at <= :now
                           AND l.state = 'RUNNING'
                         ORDER BY c.ready_at LIMIT :limit
                        """)
                .param("now", at(now))
                .param("limit", limit)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /**
     * READY chunks of running jobs that have become due and have not been published since. The
     * query uses an index of just these chunks, so its cost does not depend on the number of
     * running jobs.
     */
    public List<ReadyChunk> unpublished(Instant now, int limit) {
        return jdbc.sql(
                        """
                        SELECT c.id, c.job_instance_id, c.workspace_id
                          FROM chunk c JOIN launch l ON l.job_instance_id = c.job_instance_id
                         WHERE c.unfinished AND c.published_at IS NULL AND c.ready_at <= :now
                           AND c.state = 'READY' AND l.state = 'RUNNING'
                         ORDER BY c.ready_at LIMIT :limit
                        """)
                .param("now", at(now))
                .param("limit", limit)
                .query(ReadyChunks::chunk)
                .list();
    }

    /**
     * READY chunks of running jobs that were published before {@code stale}. They are either still
     * queued or were lost with Redis.
     */
    public List<ReadyChunk> publishedBefore(Instant stale, int limit) {
        return jdbc.sql(
                        """
                        SELECT c.id, c.job_instance_id, c.workspace_id
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.state = 'RUNNING' AND c.unfinished AND c.state = 'READY'
                           AND c.published_at < :stale
                         ORDER BY c.id LIMIT :limit
                        """)
                .param("stale", at(stale))
                .param("limit", limit)
                .query(ReadyChunks::chunk)
                .list();
    }

    private static ReadyChunk chunk(ResultSet row, int number) throws SQLException {
        return new ReadyChunk(
                row.getLong("id"), row.getLong("job_instance_id"), row.getLong("workspace_id"));
    }

    /**
     * The number of chunks that could be claimed now, and since when the oldest of them could be.
     */
    public record Backlog(long ready, @Nullable Instant oldest) {}

    public Backlog backlog(Instant now) {
        return jdbc.sql(
                        """
                        SELECT count(*) AS ready, min(c.ready_at) AS oldest
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.state = 'RUNNING' AND c.unfinished AND c.state = 'READY'
                           AND c.ready_at <= :now
                        """)
                .param("now", at(now))
                .query(
                        (row, n) -> {
                            OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
                            return new Backlog(
                                    row.getLong("ready"),
                                    oldest == null ? null : oldest.toInstant());
                        })
                .single();
    }

    /**
     * When the first READY chunk of the job is due; empty while a chunk is claimed or if no chunk
     * is unfinished.
     */
    public Optional<Instant> waitsUntil(long jobInstanceId) {
        return jdbc.sql(
                        """
                        SELECT min(ready_at) AS due FROM chunk
                         WHERE job_instance_id = :instance AND unfinished
                        HAVING bool_and(state = 'READY')
                        """)
                .param("instance", jobInstanceId)
                .query((row, n) -> row.getObject("due", OffsetDateTime.class).toInstant())
                .optional();
    }

    public void published(Collection<Long> ids, Instant now) {
        jdbc.sql("UPDATE chunk SET published_at = :now WHERE id = ANY (:ids) AND state = 'READY'")
                .param("now", at(now))
                .param("ids", ids.stream().mapToLong(Long::longValue).toArray())
                .update();
    }

    /** Marks the READY ones among these chunks as unpublished, because Redis no longer has them. */
    public void unpublish(Collection<Long> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql(
                            "UPDATE chunk SET published_at = NULL WHERE id = ANY (:ids) AND state = 'READY'")
                    .param("ids", ids.stream().mapToLong(Long::longValue).toArray())
                    .update();
        }
    }

    /**
     * As {@link #unpublish(Collection)}, for every READY chunk of every running job, after Redis
     * lost its data.
     */
    public void unpublishAll() {
        jdbc.sql(
                        """
                        UPDATE chunk c SET published_at = NULL
                          FROM launch l
                         WHERE l.job_instance_id = c.job_instance_id AND l.state = 'RUNNING'
                           AND c.unfinished AND c.state = 'READY' AND c.published_at IS NOT NULL
                        """)
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
