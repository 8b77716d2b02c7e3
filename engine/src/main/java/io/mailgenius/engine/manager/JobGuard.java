package io.mailgenius.engine.manager;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.launching.JobEnd;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.Doorbell;
import io.mailgenius.engine.transport.Lanes;
import io.mailgenius.schema.LaunchState;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Opens a job's lane when it starts and closes it when it ends, and lets the product write its part
 * of both in a transaction that the launch's epoch fences.
 */
final class JobGuard implements JobExecutionListener {

    private static final Logger LOG = LoggerFactory.getLogger(JobGuard.class);

    private final LiveLaunches launches;
    private final Ledger ledger;
    private final Lanes lanes;
    private final Doorbell doorbell;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final List<Consumer<JobParameters>> whenStarted;
    private final List<Consumer<Ended>> whenEnded;

    JobGuard(
            LiveLaunches launches,
            Ledger ledger,
            Lanes lanes,
            Doorbell doorbell,
            TransactionTemplate transaction,
            Clock clock,
            List<Consumer<JobParameters>> whenStarted,
            List<Consumer<Ended>> whenEnded) {
        this.launches = launches;
        this.ledger = ledger;
        this.lanes = lanes;
        this.doorbell = doorbell;
        this.transaction = transaction;
        this.clock = clock;
        this.whenStarted = List.copyOf(whenStarted);
        this.whenEnded = List.copyOf(whenEnded);
    }

    @Override
    public void beforeJob(JobExecution execution) {
        Run run = Run.of(execution);
        transaction.executeWithoutResult(
                status -> {
                    launches.started(
                            run.launchId(), run.epoch(), run.jobInstanceId(), execution.getId());
                    ledger.release(run.jobInstanceId(), clock.instant());
                    whenStarted.forEach(listener -> listener.accept(execution.getJobParameters()));
                });
        try {
            lanes.open(run.jobInstanceId(), launches.priority(run.launchId()));
        } catch (RedisException e) {
            LOG.warn("Workers hear of {} when Redis is back", execution.getJobInstance());
        }
    }

    /**
     * Runs before Spring Batch writes the execution's end. A crash in between makes another node
     * run the job again: it finds every step complete, and comes here once more.
     */
    @Override
    public void afterJob(JobExecution execution) {
        Run run = Run.of(execution);
        JobEnd end = JobEnd.of(execution);
        if (end.state() == LaunchState.STOPPED && !launches.stopping(run.launchId())) {
            // The node leaves: the job has not ended, another node goes on with it.
            return;
        }
        Ended ended =
                new Ended(
                        execution.getJobParameters(),
                        end.state(),
                        end.error(),
                        step -> ledger.tally(run.jobInstanceId(), step));
        transaction.executeWithoutResult(
                status -> {
                    launches.fence(run.launchId(), run.epoch());
                    whenEnded.forEach(listener -> listener.accept(ended));
                });
        closeLane(run.jobInstanceId());
    }

    private void closeLane(long jobInstanceId) {
        doorbell.forget(jobInstanceId);
        try {
            lanes.close(jobInstanceId);
        } catch (RedisException e) {
            LOG.debug("Lane {} stays open, and empty", jobInstanceId, e);
        }
    }
}
