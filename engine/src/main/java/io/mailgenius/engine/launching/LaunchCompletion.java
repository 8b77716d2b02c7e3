package io.mailgenius.engine.launching;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.observation.JobObservation;
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
 * Ends a launch: first its claimed chunks finish; then one transaction ends the launch and runs the
 * application's listeners. After a crash before that commit another node repeats this; after a
 * crash behind it the sweeper closes the queue.
 */
final class LaunchCompletion {

    private static final Logger LOG = LoggerFactory.getLogger(LaunchCompletion.class);

    /** The statement limit, because listeners may count millions of rows. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final LaunchStore store;
    private final LiveLaunches live;
    private final JobEndHandler jobEndHandler;
    private final Ledger ledger;
    private final JobQueues queues;
    private final TransactionTemplate transaction;
    private final JobObservation observation;
    private final Clock clock;

    LaunchCompletion(
            LaunchStore store,
            LiveLaunches live,
            JobEndHandler jobEndHandler,
            Ledger ledger,
            JobQueues queues,
            TransactionTemplate transaction,
            JobObservation observation,
            Clock clock) {
        this.store = store;
        this.live = live;
        this.jobEndHandler = jobEndHandler;
        this.ledger = ledger;
        this.queues = queues;
        this.transaction = transaction;
        this.observation = observation;
        this.clock = clock;
    }

    /**
     * Holds the READY chunks. Claimed chunks finish first, so that the counts of an ended job do
     * not change and no mail is sent after its end.
     *
     * @return whether chunks are still claimed
     * @throws RetryLater if failed chunks were retried meanwhile
     */
    boolean awaitsClaimedChunks(Launch launch, long jobInstanceId, JobEnd end) {
        return Boolean.TRUE.equals(
                transaction.execute(
                        status -> {
                            live.fence(launch.id(), launch.epoch());
                            if (end.state() == LaunchState.STOPPED) {
                                // A stop that was withdrawn holds no chunk.
                                ledger.holdWhileStopping(
                                        jobInstanceId, launch.id(), launch.epoch());
                            } else {
                                requireNotRetried(launch);
                                ledger.hold(jobInstanceId);
                            }
                            return ledger.of(jobInstanceId).inFlight() > 0;
                        }));
    }

    /**
     * The lock of the fence keeps chunks from being retried until the others are held.
     *
     * @throws RetryLater if chunks were retried since this node took the launch over: it goes on
     *     with them
     */
    private void requireNotRetried(Launch launch) {
        if (store.retries(launch.id()) != launch.retries()) {
            throw RetryLater.withRetriedChunks(launch);
        }
    }

    /**
     * @param jobInstanceId null if the job never started
     * @return false if this node may not end the launch, because another node has taken it over or
     *     its stop was withdrawn
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
        if (ended) {
            observation.launchEnded(launch.jobName(), end.state().name());
        }
        if (ended && jobInstanceId != null) {
            closeQueue(jobInstanceId);
        }
        return ended;
    }

    private boolean write(
            Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end) {
        if (!store.ended(launch, end.state(), end.error(), clock.instant())) {
            return false;
        }
        jobEndHandler.jobEnded(
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
            LOG.debug(
                    "The queue of job {} was not closed; the sweeper will close it",
                    jobInstanceId,
                    e);
        }
    }
}
