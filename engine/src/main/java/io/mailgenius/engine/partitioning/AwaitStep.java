package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.LiveLaunches.Signal;
import io.mailgenius.engine.launching.SupersededException;
import io.mailgenius.engine.ledger.ChunkTally;
import io.mailgenius.engine.ledger.JobChunks;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.CompletionNotifier;
import io.mailgenius.schema.ChunkState;
import java.time.Duration;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;

/**
 * The second of the two steps that a heavy step becomes. It does not block: while a chunk is
 * unfinished it ends STOPPED and the job is parked until the last chunk has ended. Then it takes
 * the counts from the ledger.
 *
 * <p>A job of few chunks often ends at once. For such jobs the step waits for a moment, without a
 * connection or transaction, because another Spring Batch execution would cost more.
 */
final class AwaitStep extends AbstractStep {

    private static final Duration SHORT_WAIT = Duration.ofMillis(250);

    private final Ledger ledger;
    private final LiveLaunches launches;
    private final CompletionNotifier notifier;

    /**
     * @param ledger uses the connections of the control plane
     */
    AwaitStep(
            String name,
            JobRepository repository,
            Ledger ledger,
            LiveLaunches launches,
            CompletionNotifier notifier) {
        super(repository);
        setName(name);
        this.ledger = ledger;
        this.launches = launches;
        this.notifier = notifier;
    }

    @Override
    protected void doExecute(StepExecution execution) throws Exception {
        LaunchRun run = LaunchRun.of(execution.getJobExecution());
        if (!isFinished(run)) {
            throw new JobInterruptedException("Chunks are being processed");
        }
        JobChunks chunks = ledger.of(run.jobInstanceId());
        ChunkTally tally = chunks.tally(getName());
        long aside = tally.in(ChunkState.FAILED);
        if (tally.done() + aside < tally.total()) {
            // A concurrent stop has held the other chunks.
            throw new JobInterruptedException("Chunks are held");
        }
        execution.setReadCount(tally.total());
        execution.setWriteCount(tally.done());
        if (aside > 0) {
            throw new ChunksFailed(
                    "%d of %d chunks failed; first errors: %s"
                            .formatted(aside, tally.total(), chunks.errors(getName(), 1)));
        }
        execution.setExitStatus(ExitStatus.COMPLETED);
    }

    private boolean isFinished(LaunchRun run) throws InterruptedException {
        long job = run.jobInstanceId();
        JobChunks chunks = ledger.of(job);
        long end = System.nanoTime() + SHORT_WAIT.toNanos();
        try {
            while (true) {
                long seen = notifier.seen(job);
                if (launches.shuttingDown() || signal(run) != Signal.CONTINUE) {
                    return false;
                }
                if (!chunks.anyUnfinished()) {
                    return true;
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                notifier.await(job, seen, Duration.ofNanos(left));
            }
        } finally {
            notifier.removeWaiter(job);
        }
    }

    private Signal signal(LaunchRun run) {
        Signal signal = launches.signal(run.launchId(), run.epoch());
        if (signal == Signal.SUPERSEDED) {
            throw new SupersededException(run.launchId(), run.epoch());
        }
        return signal;
    }

    /** Ends the step as FAILED; a restart makes the failed chunks READY. */
    static final class ChunksFailed extends RuntimeException {
        ChunksFailed(String message) {
            super(message, null, false, false);
        }
    }
}
