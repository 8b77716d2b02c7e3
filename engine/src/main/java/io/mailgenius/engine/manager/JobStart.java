package io.mailgenius.engine.manager;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.Lanes;
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
 * Makes a job's start known: to the launch, to the product, and to the workers. A crash after the
 * transaction leaves a lane that the sweeper opens.
 */
final class JobStart implements JobExecutionListener {

    private static final Logger LOG = LoggerFactory.getLogger(JobStart.class);

    private final LiveLaunches launches;
    private final Ledger ledger;
    private final Lanes lanes;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final List<Consumer<JobParameters>> beforeStart;
    private final List<Consumer<JobParameters>> whenStarted;

    JobStart(
            LiveLaunches launches,
            Ledger ledger,
            Lanes lanes,
            TransactionTemplate transaction,
            Clock clock,
            List<Consumer<JobParameters>> beforeStart,
            List<Consumer<JobParameters>> whenStarted) {
        this.launches = launches;
        this.ledger = ledger;
        this.lanes = lanes;
        this.transaction = transaction;
        this.clock = clock;
        this.beforeStart = List.copyOf(beforeStart);
        this.whenStarted = List.copyOf(whenStarted);
    }

    @Override
    public void beforeJob(JobExecution execution) {
        Run run = Run.of(execution);
        beforeStart.forEach(listener -> listener.accept(execution.getJobParameters()));
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
}
