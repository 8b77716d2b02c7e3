package io.mailgenius.engine.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes launches that ended long ago, with their chunks and Spring Batch metadata, and nodes that
 * are gone. Each batch of launches has its own transaction, so that a crash leaves only whole
 * launches.
 */
public final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH_SIZE = 50;
    private static final Duration KEEP_MINUTES = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Duration keep;
    private final Clock clock;

    /**
     * @param keep how long a completed or abandoned job is kept after its end, and a node after its
     *     last heartbeat. Failed and stopped jobs are kept, because they can be restarted
     */
    public Retention(JdbcClient jdbc, TransactionTemplate transaction, Duration keep, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * @return the number of deleted launches
     */
    public int run() {
        OffsetDateTime before = at(clock.instant().minus(keep));
        int deleted = 0;
        List<Long> launches = List.of();
        do {
            launches = ended(before);
            delete(launches);
            deleted += launches.size();
        } while (launches.size() == BATCH_SIZE && !Thread.currentThread().isInterrupted());
        int nodes = deleteNodes(before);
        deleteMinutes();
        if (deleted + nodes > 0) {
            LOG.info("Deleted {} jobs and {} nodes from before {}", deleted, nodes, before);
        }
        return deleted;
    }

    private List<Long> ended(OffsetDateTime before) {
        return jdbc.sql(
                        """
                        SELECT id FROM launch
                         WHERE state IN ('COMPLETED', 'ABANDONED') AND ended_at < :before
                         ORDER BY ended_at LIMIT :limit
                        """)
                .param("before", before)
                .param("limit", BATCH_SIZE)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    private void delete(List<Long> launches) {
        if (launches.isEmpty()) {
            return;
        }
        Long[] ids = launches.toArray(Long[]::new);
        transaction.executeWithoutResult(
                status -> {
                    for (String statement : DELETES) {
                        jdbc.sql(statement).param("ids", ids).update();
                    }
                });
    }

    /** The order follows the foreign keys. */
    private static final List<String> DELETES =
            List.of(
                    """
                    DELETE FROM batch_step_execution_context WHERE step_execution_id IN (
                        SELECT s.step_execution_id
                          FROM launch l
                          JOIN batch_job_execution e ON e.job_instance_id = l.job_instance_id
                          JOIN batch_step_execution s ON s.job_execution_id = e.job_execution_id
                         WHERE l.id = ANY (:ids))
                    """,
                    """
                    DELETE FROM batch_step_execution WHERE job_execution_id IN (
                        SELECT e.job_execution_id
                          FROM launch l
                          JOIN batch_job_execution e ON e.job_instance_id = l.job_instance_id
                         WHERE l.id = ANY (:ids))
                    """,
                    """
                    DELETE FROM batch_job_execution_context WHERE job_execution_id IN (
                        SELECT e.job_execution_id
                          FROM launch l
                          JOIN batch_job_execution e ON e.job_instance_id = l.job_instance_id
                         WHERE l.id = ANY (:ids))
                    """,
                    """
                    DELETE FROM batch_job_execution_params WHERE job_execution_id IN (
                        SELECT e.job_execution_id
                          FROM launch l
                          JOIN batch_job_execution e ON e.job_instance_id = l.job_instance_id
                         WHERE l.id = ANY (:ids))
                    """,
                    """
                    DELETE FROM batch_job_execution WHERE job_instance_id IN (
                        SELECT job_instance_id FROM launch WHERE id = ANY (:ids))
                    """,
                    """
                    DELETE FROM batch_job_instance WHERE job_instance_id IN (
                        SELECT job_instance_id FROM launch WHERE id = ANY (:ids))
                    """,
                    """
                    DELETE FROM chunk_attempt a USING launch l
                     WHERE a.workspace_id = l.workspace_id AND a.job_instance_id = l.job_instance_id
                       AND l.id = ANY (:ids)
                    """,
                    """
                    DELETE FROM launch_action a USING launch l
                     WHERE a.workspace_id = l.workspace_id AND a.launch_id = l.id AND l.id = ANY (:ids)
                    """,
                    "DELETE FROM launch_word WHERE launch_id = ANY (:ids)",
                    """
                    DELETE FROM chunk WHERE job_instance_id IN (
                        SELECT job_instance_id FROM launch WHERE id = ANY (:ids))
                    """,
                    "DELETE FROM launch WHERE id = ANY (:ids)");

    private int deleteNodes(OffsetDateTime before) {
        return jdbc.sql(
                        "DELETE FROM node WHERE state IN ('DEAD', 'GONE') AND heartbeat_at < :before")
                .param("before", before)
                .update();
    }

    private void deleteMinutes() {
        jdbc.sql("DELETE FROM step_minute WHERE minute < :before")
                .param("before", at(clock.instant().minus(KEEP_MINUTES)))
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
