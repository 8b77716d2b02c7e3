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
 * Deletes launches that ended long ago, with their chunks and Spring Batch's metadata about them,
 * and nodes that are long gone. A few launches at a time, each batch in a transaction of its own: a
 * crash in between leaves whole launches or none, and the next run goes on.
 */
public final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int AT_ONCE = 50;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Duration keep;
    private final Clock clock;

    /**
     * @param keep how long a job that completed or was abandoned is kept after its end, and a node
     *     after its last heartbeat. Jobs that failed or stopped are kept: they can be restarted
     */
    public Retention(JdbcClient jdbc, TransactionTemplate transaction, Duration keep, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * @return how many launches were forgotten
     */
    public int run() {
        OffsetDateTime before = at(clock.instant().minus(keep));
        int forgotten = 0;
        List<Long> launches = List.of();
        do {
            launches = ended(before);
            forget(launches);
            forgotten += launches.size();
        } while (launches.size() == AT_ONCE && !Thread.currentThread().isInterrupted());
        int nodes = forgetNodes(before);
        if (forgotten + nodes > 0) {
            LOG.info("Forgot {} jobs and {} nodes from before {}", forgotten, nodes, before);
        }
        return forgotten;
    }

    private List<Long> ended(OffsetDateTime before) {
        return jdbc.sql(
                        """
                        SELECT id FROM launch
                         WHERE state IN ('COMPLETED', 'ABANDONED') AND ended_at < :before
                         ORDER BY ended_at LIMIT :limit
                        """)
                .param("before", before)
                .param("limit", AT_ONCE)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    private void forget(List<Long> launches) {
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

    /** In this order, as foreign keys want it. */
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
                    DELETE FROM chunk WHERE job_instance_id IN (
                        SELECT job_instance_id FROM launch WHERE id = ANY (:ids))
                    """,
                    "DELETE FROM launch WHERE id = ANY (:ids)");

    private int forgetNodes(OffsetDateTime before) {
        return jdbc.sql(
                        "DELETE FROM node WHERE state IN ('DEAD', 'GONE') AND heartbeat_at < :before")
                .param("before", before)
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
