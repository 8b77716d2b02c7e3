package io.mailgenius.engine.manager;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.LiveLaunches.Signal;
import io.mailgenius.engine.launching.SupersededException;
import io.mailgenius.engine.ledger.JobChunks;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.ledger.Tally;
import io.mailgenius.engine.transport.Doorbell;
import io.mailgenius.schema.ChunkState;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * Waits until a partition has no unfinished chunk. The ledger decides; the doorbell only says when
 * to look: each chunk that ends rings, so as many as are unfinished have to be heard first. No
 * transaction is open while it waits. While the whole job has nothing to do for some time, nobody
 * waits: the step stops, and the job's launch is taken up again in time.
 */
final class AwaitChunks implements Tasklet {

    /** How long a ring that was lost can delay the end. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Further nobody counts: a look costs no more than that, however many are left. */
    private static final int MANY = 1_000;

    /** Rings that come thick and fast are answered with one look. */
    private static final Duration BREATH = Duration.ofMillis(10);

    /** A job that waits for less keeps its place: each rest is an execution of Spring Batch. */
    private static final Duration WORTH_A_REST = Duration.ofMinutes(2);

    private final String step;
    private final int partition;
    private final Ledger ledger;
    private final LiveLaunches launches;
    private final Doorbell doorbell;
    private final ReadyChunks ready;
    private final Clock clock;

    AwaitChunks(
            String step,
            int partition,
            Ledger ledger,
            LiveLaunches launches,
            Doorbell doorbell,
            ReadyChunks ready,
            Clock clock) {
        this.step = step;
        this.partition = partition;
        this.ledger = ledger;
        this.launches = launches;
        this.doorbell = doorbell;
        this.ready = ready;
        this.clock = clock;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        StepExecution execution = context.getStepContext().getStepExecution();
        Run run = Run.of(execution.getJobExecution());
        JobChunks chunks = ledger.of(run.jobInstanceId());
        boolean quiet = false;
        // One call for the whole wait: between calls Spring Batch would write the step down.
        while (!execution.isTerminateOnly() && !launches.leaving()) {
            long heard = doorbell.heard(run.jobInstanceId());
            Signal signal = launches.signal(run.launchId(), run.epoch());
            int unfinished =
                    switch (signal) {
                        case LEAVE -> throw new SupersededException(run.launchId(), run.epoch());
                        case STOP -> {
                            // What waits is held, also what was freed since the stop; what is in
                            // hand may finish.
                            ledger.holdWhileStopping(
                                    run.jobInstanceId(), run.launchId(), run.epoch());
                            yield chunks.inFlight();
                        }
                        case GO_ON -> chunks.unfinished(step, partition, MANY);
                    };
            boolean goesOn = signal == Signal.GO_ON;
            if (unfinished == 0 && goesOn) {
                finish(contribution, chunks);
                return RepeatStatus.FINISHED;
            }
            if (unfinished == 0 || goesOn && quiet && waitsLong(run)) {
                execution.setTerminateOnly();
                continue;
            }
            try {
                doorbell.await(run.jobInstanceId(), heard, unfinished, PATIENCE);
                quiet = doorbell.heard(run.jobInstanceId()) == heard;
                TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
            } catch (InterruptedException theNodeLeaves) {
                // Not passed on: an interrupted thread could not write down that the step stopped.
                execution.setTerminateOnly();
            }
        }
        execution.setTerminateOnly();
        return RepeatStatus.CONTINUABLE;
    }

    /** Of all steps and partitions: the others of this job find the same and stop as well. */
    private boolean waitsLong(Run run) {
        return ready.waitsUntil(run.jobInstanceId())
                .filter(due -> due.isAfter(clock.instant().plus(WORTH_A_REST)))
                .isPresent();
    }

    private void finish(StepContribution contribution, JobChunks chunks) {
        Tally tally = chunks.tally(step, partition);
        for (long n = 0; n < tally.total(); n++) {
            contribution.incrementReadCount();
        }
        contribution.incrementWriteCount(tally.done());
        long aside = tally.in(ChunkState.FAILED);
        if (aside > 0) {
            throw new ChunksFailed(
                    "%d of %d chunks failed; the first: %s"
                            .formatted(aside, tally.total(), chunks.errors(step, partition, 1)));
        }
    }

    /** Ends the step as failed; a restart makes the failed chunks ready again. */
    static final class ChunksFailed extends RuntimeException {
        ChunksFailed(String message) {
            super(message, null, false, false);
        }
    }
}
