package io.mailgenius.engine.launching;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.Tally;
import io.mailgenius.engine.transport.Doorbell;
import io.mailgenius.engine.transport.Lanes;
import io.mailgenius.schema.LaunchState;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends a launch: first the chunks in hand, then, in one transaction, the launch and the product's
 * part. A crash before that commit makes another node come here again; one after it leaves a lane
 * that nobody reads.
 */
final class LaunchEnd {

    private static final Logger LOG = LoggerFactory.getLogger(LaunchEnd.class);

    /** How long a ring that was lost can delay the end. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final LaunchStore store;
    private final LiveLaunches live;
    private final Endings endings;
    private final Ledger ledger;
    private final Lanes lanes;
    private final Doorbell doorbell;
    private final TransactionTemplate transaction;
    private final Clock clock;

    LaunchEnd(
            LaunchStore store,
            LiveLaunches live,
            Endings endings,
            Ledger ledger,
            Lanes lanes,
            Doorbell doorbell,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.live = live;
        this.endings = endings;
        this.ledger = ledger;
        this.lanes = lanes;
        this.doorbell = doorbell;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * @param jobInstanceId missing if the job never started
     * @return false if the launch is not this node's to end: another has taken it on, or its stop
     *     was taken back
     * @throws InterruptedException if the node leaves while chunks are in hand
     */
    boolean end(Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end)
            throws InterruptedException {
        if (jobInstanceId != null && end.state() != LaunchState.COMPLETED) {
            letChunksInHandFinish(launch, jobInstanceId);
        }
        boolean ended =
                Boolean.TRUE.equals(
                        transaction.execute(
                                status -> write(launch, jobInstanceId, parameters, end)));
        if (ended && jobInstanceId != null) {
            closeLane(jobInstanceId);
        }
        return ended;
    }

    /** So that the figures of a job that has ended stay what they are, and no mail follows it. */
    private void letChunksInHandFinish(Launch launch, long jobInstanceId)
            throws InterruptedException {
        while (true) {
            long heard = doorbell.heard(jobInstanceId);
            transaction.executeWithoutResult(
                    status -> {
                        live.fence(launch.id(), launch.epoch());
                        ledger.hold(jobInstanceId);
                    });
            int inFlight = ledger.of(jobInstanceId).inFlight();
            if (inFlight == 0) {
                return;
            }
            doorbell.await(jobInstanceId, heard, inFlight, PATIENCE);
        }
    }

    private boolean write(
            Launch launch, @Nullable Long jobInstanceId, JobParameters parameters, JobEnd end) {
        if (!store.ended(launch.id(), launch.epoch(), end.state(), end.error(), clock.instant())) {
            return false;
        }
        endings.tell(
                launch.jobName(),
                new Ended(
                        parameters, end.state(), end.error(), step -> tally(jobInstanceId, step)));
        return true;
    }

    private Tally tally(@Nullable Long jobInstanceId, String step) {
        return jobInstanceId == null ? Tally.EMPTY : ledger.of(jobInstanceId).tally(step);
    }

    private void closeLane(long jobInstanceId) {
        doorbell.forget(jobInstanceId);
        try {
            lanes.close(jobInstanceId);
        } catch (RedisException e) {
            LOG.debug("Lane {} stays open until the sweeper closes it", jobInstanceId, e);
        }
    }
}
