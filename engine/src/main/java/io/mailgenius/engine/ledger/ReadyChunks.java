package io.mailgenius.engine.ledger;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The chunks that wait to be taken: which come first, and which have been called for. */
public final class ReadyChunks {

    private final JdbcClient jdbc;

    public ReadyChunks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** READY chunks in turn over the jobs that live, for a node that cannot hear Redis. */
    public List<Long> inTurn(int limit, Instant now) {
        return jdbc.sql(
                        """
                        SELECT c.id
                          FROM launch l
                          CROSS JOIN LATERAL (
                                SELECT r.id, row_number() OVER (ORDER BY r.id) AS turn
                                  FROM (SELECT id FROM chunk
                                         WHERE job_instance_id = l.job_instance_id
                                           AND unfinished AND state = 'READY' AND ready_at <= :now
                                         ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED) r) c
                         WHERE l.state = 'RUNNING'
                         ORDER BY c.turn::float / CASE l.priority WHEN 'HIGH' THEN 4 WHEN 'NORMAL' THEN 2 ELSE 1 END,
                                  l.id
                         LIMIT :limit
                        """)
                .param("limit", limit)
                .param("now", at(now))
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /** READY chunks of living jobs that somebody has begun before, the longest waiting first. */
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
     * READY chunks of living jobs that nobody took: never published since they became ready, or
     * published before {@code stale}.
     */
    public List<ReadyChunk> uncalled(Instant now, Instant stale, int limit) {
        return jdbc.sql(
                        """
                        SELECT c.id, c.job_instance_id, c.published_at IS NOT NULL AS published
                          FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.state = 'RUNNING' AND c.unfinished AND c.state = 'READY'
                           AND c.ready_at <= :now
                           AND (c.published_at IS NULL OR c.published_at < :stale)
                         ORDER BY c.id LIMIT :limit
                        """)
                .param("now", at(now))
                .param("stale", at(stale))
                .param("limit", limit)
                .query(
                        (row, n) ->
                                new ReadyChunk(
                                        row.getLong("id"),
                                        row.getLong("job_instance_id"),
                                        row.getBoolean("published")))
                .list();
    }

    /**
     * When the first of what waits may be taken; empty while something is in hand, or if nothing
     * waits.
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

    /** Those of these chunks that are READY are not known to anybody any more. */
    public void unpublish(Collection<Long> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql(
                            "UPDATE chunk SET published_at = NULL WHERE id = ANY (:ids) AND state = 'READY'")
                    .param("ids", ids.stream().mapToLong(Long::longValue).toArray())
                    .update();
        }
    }

    /** As {@link #unpublish(Collection)}, for all chunks of the job. */
    public void unpublish(long jobInstanceId) {
        jdbc.sql(
                        """
                        UPDATE chunk SET published_at = NULL
                         WHERE job_instance_id = :instance AND unfinished AND state = 'READY'
                           AND published_at IS NOT NULL
                        """)
                .param("instance", jobInstanceId)
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
