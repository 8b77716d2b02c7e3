package io.mailgenius.engine.partitioning;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.observation.LogContext;
import io.mailgenius.engine.transport.JobQueues;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Records the start of a job: for the launch, for the application's listeners, and in Redis for the
 * workers; when a parked job resumes, for the launch only. After a crash behind the transaction the
 * sweeper opens the queue.
 */
final class JobStart implements JobExecutionListener {

    private static final Logger LOG = LoggerFactory.getLogger(JobStart.class);

    private final LiveLaunches launches;
    private final JobQueues queues;
    private final TransactionTemplate transaction;
    private final List<Consumer<JobParameters>> beforeStart;
    private final List<Consumer<JobParameters>> whenStarted;

    JobStart(
            LiveLaunches launches,
            JobQueues queues,
            TransactionTemplate transaction,
            List<Consumer<JobParameters>> beforeStart,
            List<Consumer<JobParameters>> whenStarted) {
        this.launches = launches;
        this.queues = queues;
        this.transaction = transaction;
        this.beforeStart = List.copyOf(beforeStart);
        this.whenStarted = List.copyOf(whenStarted);
    }

    @Override
    public void beforeJob(JobExecution execution) {
        LaunchRun run = LaunchRun.of(execution);
        LogContext.execution(execution.getId());
        JobParameters parameters = execution.getJobParameters();
        boolean resumed = parameters.getString(LiveLaunches.RESUMED) != null;
        if (!resumed) {
            beforeStart.forEach(listener -> listener.accept(parameters));
        }
        transaction.executeWithoutResult(
                status -> {
                    launches.started(
                            run.launchId(), run.epoch(), run.jobInstanceId(), execution.getId());
                    if (!resumed) {
                        whenStarted.forEach(listener -> listener.accept(parameters));
                    }
                });
        if (!resumed) {
            open(run, execution);
        }
    }

    private void open(LaunchRun run, JobExecution execution) {
        try {
            queues.open(run.jobInstanceId(), run.workspaceId(), launches.priority(run.launchId()));
        } catch (RedisException e) {
            LOG.warn(
                    "The queue of {} was not opened; the sweeper will open it when Redis is available",
                    execution.getJobInstance());
        }
    }
}
