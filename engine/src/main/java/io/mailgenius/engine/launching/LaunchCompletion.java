package io.mailgenius.engine.launching;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.JobQueues;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.StatementLimit;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends a launch: first the chunks in hand, then, in one transaction, the launch and the product's
 * part. A crash before that commit makes another node come here again; one after it leaves a queue
 * that the sweeper closes.
 */
final class LaunchCompletion {

    private static final Logger LOG = LoggerFactory.getLogger(LaunchCompletion.class);

    /** What is counted when a job ends may have millions of rows. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final LaunchStore store;
    private final LiveLaunches live;
    private final JobEndHandler jobEndHandler;
    private final Ledger ledger;
    private final JobQueues queues;
    private final TransactionTemplate transaction;
    private final Clock clock;

    LaunchCompletion(
            LaunchStore store,
            LiveLaunches live,
            JobEndHandler jobEndHandler,
            Ledger ledger,
            JobQueues queues,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.live = live;
        this.jobEndHandler = jobEndHandler;
        this.ledger = ledger;
        this.queues = queues;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Holds the chunks that nobody has begun. Those in somebody's hand are let finish first, so
     * that the figures of a job that has ended stay what they are, and no mail follows it.
     *
     * @return whether some are in somebody's hand
     */
    boolean waitsForChunksInHand(Launch launch, long jobInstanceId, JobEnd end) {
        return Boolean.TRUE.equals(
                transaction.execute(
                        status -> {
                            live.fence(launch.id(), launch.epoch());
                            if (end.state() == LaunchState.STOPPED) {
                                // A stop that was taken back holds nothing.
                                ledger.holdWhileStopping(
                                        jobInstanceId, launch.id(), launch.epoch());
                            } else {
                                ledger.hold(jobInstanceId);
                            }
                            return ledger.of(jobInstanceId).inFlight() > 0;
                        }));
    }

    /**
     * @param jobInstanceId missing if the job never started
     * @return false if the launch is not this node's to end: another has taken it on, or its stop
     *     was taken back
     */
    boolean end(Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end) {
        boolean ended =
                StatementLimit.call(
                        LIMIT,
                        () ->
                                Boolean.TRUE.equals(
                                        transaction.execute(
                                                status ->
                                                        write(
                                                                launch,
                                                                jobInstanceId,
                                                                parameters,
                                                                end))));
        if (ended && jobInstanceId != null) {
            closeQueue(jobInstanceId);
        }
        return ended;
    }

    private boolean write(
            Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end) {
        if (!store.ended(launch.id(), launch.epoch(), end.state(), end.error(), clock.instant())) {
            return false;
        }
        jobEndHandler.tell(
                launch.jobName(),
                new EndedJob(
                        parameters, end.state(), end.error(), step -> tally(jobInstanceId, step)));
        return true;
    }

    private ChunkTally tally(@Nullable Long jobInstanceId, String step) {
        return jobInstanceId == null ? ChunkTally.EMPTY : ledger.of(jobInstanceId).tally(step);
    }

    private void closeQueue(long jobInstanceId) {
        try {
            queues.close(List.of(jobInstanceId));
        } catch (RedisException e) {
            LOG.debug("The queue of {} stays open until the sweeper closes it", jobInstanceId, e);
        }
    }
}
