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
 * The half of a heavy step that follows the workers. It does not wait for them: as long as a chunk
 * is unfinished it ends STOPPED, the job is parked, and whoever sees the last chunk end wakes it.
 * Then it takes the counts from the ledger.
 *
 * <p>A job of few chunks is often through at once. For such a one it stays for a moment, holding
 * neither a connection nor a transaction, since an execution of Spring Batch more would cost more
 * than that.
 */
final class AwaitStep extends AbstractStep {

    private static final Duration MOMENT = Duration.ofMillis(250);

    private final Ledger ledger;
    private final LiveLaunches launches;
    private final CompletionNotifier notifier;

    /**
     * @param ledger over the control plane's connections
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
        if (!isThrough(run)) {
            throw new JobInterruptedException("Chunks are being worked off");
        }
        JobChunks chunks = ledger.of(run.jobInstanceId());
        ChunkTally tally = chunks.tally(getName());
        long aside = tally.in(ChunkState.FAILED);
        if (tally.done() + aside < tally.total()) {
            // A stop has held the others since this step looked.
            throw new JobInterruptedException("Chunks are held");
        }
        execution.setReadCount(tally.total());
        execution.setWriteCount(tally.done());
        if (aside > 0) {
            throw new ChunksFailed(
                    "%d of %d chunks failed; the first: %s"
                            .formatted(aside, tally.total(), chunks.errors(getName(), 1)));
        }
        execution.setExitStatus(ExitStatus.COMPLETED);
    }

    private boolean isThrough(LaunchRun run) throws InterruptedException {
        long job = run.jobInstanceId();
        JobChunks chunks = ledger.of(job);
        long end = System.nanoTime() + MOMENT.toNanos();
        try {
            while (true) {
                long seen = notifier.seen(job);
                if (launches.leaving() || signal(run) != Signal.GO_ON) {
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
            notifier.forget(job);
        }
    }

    private Signal signal(LaunchRun run) {
        Signal signal = launches.signal(run.launchId(), run.epoch());
        if (signal == Signal.LEAVE) {
            throw new SupersededException(run.launchId(), run.epoch());
        }
        return signal;
    }

    /** Ends the step as failed; a restart makes the failed chunks ready again. */
    static final class ChunksFailed extends RuntimeException {
        ChunksFailed(String message) {
            super(message, null, false, false);
        }
    }
}
