package io.mailgenius.engine.progress;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The progress of the jobs of the current workspace. It uses its own SQL, because Spring Batch
 * would load every step execution with its context.
 */
@Component
@AutocommitRead
public class JobProgress {

    private static final String JOBS =
            """
            SELECT l.id, l.job_execution_id, l.job_name, l.job_key, l.priority, l.state, l.owner, l.error,
                   l.requested_at, l.started_at, l.ended_at, l.housekeeping,
                   CASE WHEN k.kept THEN l.chunks ELSE c.chunks END AS chunks,
                   CASE WHEN k.kept THEN l.chunks_done ELSE c.done END AS done,
                   CASE WHEN k.kept THEN l.chunks_failed ELSE c.failed END AS failed, c.in_flight
              FROM launch l
             CROSS JOIN LATERAL (SELECT l.ended_at IS NOT NULL AND l.chunks IS NOT NULL AS kept) k
             CROSS JOIN LATERAL (
                   SELECT count(*) AS chunks,
                          count(*) FILTER (WHERE state = 'DONE') AS done,
                          count(*) FILTER (WHERE state = 'FAILED') AS failed,
                          count(*) FILTER (WHERE state = 'CLAIMED') AS in_flight
                     FROM chunk
                    WHERE job_instance_id = l.job_instance_id AND NOT k.kept) c
            """;

    private final JdbcClient jdbc;
    private final StepQueries steps;

    JobProgress(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.steps = new StepQueries(jdbc);
    }

    /**
     * Lists jobs, newest first. The query names the workspace although row-level security hides the
     * others, because the policy on this table is no condition that an index could serve.
     *
     * @param before lists launches older than this one; {@code Long.MAX_VALUE} for the first page
     * @param housekeeping whether to include jobs that the product launched by itself, such as
     *     rollups
     */
    public List<JobView> newest(long before, int limit, boolean housekeeping) {
        return jdbc.sql(
                        JOBS
                                + " WHERE l.workspace_id = :workspace AND l.id < :before"
                                + (housekeeping ? "" : " AND NOT l.housekeeping")
                                + " ORDER BY l.id DESC LIMIT :limit")
                .param("workspace", WorkspaceScope.required())
                .param("before", before)
                .param("limit", limit)
                .query(ProgressRows::job)
                .list();
    }

    /** The jobs of these launches that are visible, in the order of the ids. */
    public List<JobView> jobs(List<Long> launchIds) {
        if (launchIds.isEmpty()) {
            return List.of();
        }
        Map<Long, JobView> found =
                jdbc
                        .sql(JOBS + " WHERE l.id = ANY (:ids)")
                        .param("ids", launchIds.stream().mapToLong(Long::longValue).toArray())
                        .query(ProgressRows::job)
                        .stream()
                        .collect(Collectors.toMap(JobView::launchId, Function.identity()));
        return launchIds.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /**
     * @param executionId of any run of the job, because a restart continues with the same chunks
     */
    public Optional<JobDetail> find(long executionId) {
        return jdbc.sql(
                        JOBS
                                + """
                                 WHERE l.job_execution_id = :execution
                                    OR l.job_instance_id = (SELECT job_instance_id
                                                              FROM batch_job_execution
                                                             WHERE job_execution_id = :execution)
                                """)
                .param("execution", executionId)
                .query(ProgressRows::job)
                .optional()
                .map(job -> new JobDetail(job, steps.of(job.launchId())));
    }

    /**
     * Computes what a restart of the job would do now, whether or not its state permits one.
     *
     * @param executionId of any run of the job
     */
    public Optional<RestartPreview> restartPreview(long executionId) {
        return jdbc.sql(
                        """
                        SELECT l.id, l.job_instance_id, l.state,
                               count(c.id) FILTER (WHERE c.state <> 'DONE' AND c.attempt = 0) AS to_do,
                               count(c.id) FILTER (WHERE c.state <> 'DONE' AND c.attempt > 0) AS to_redo,
                               count(c.id) FILTER (WHERE c.state = 'FAILED') AS failed,
                               count(c.id) FILTER (WHERE c.state = 'CLAIMED') AS in_flight
                          FROM launch l
                          JOIN batch_job_execution e
                            ON e.job_instance_id = l.job_instance_id AND e.job_execution_id = :execution
                          LEFT JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         GROUP BY l.id
                        """)
                .param("execution", executionId)
                .query(ProgressRows::restartPreview)
                .optional();
    }
}
