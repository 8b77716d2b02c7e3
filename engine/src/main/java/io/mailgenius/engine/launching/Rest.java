package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import java.time.Clock;
import java.time.Instant;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The job has nothing to do before a known moment: it gives its place to others, and its task is
 * put off until then. The launch stays RUNNING, so that workers take its chunks when they are due.
 *
 * <p>The launch's row is locked meanwhile: whoever stops the job has done so before, and then it
 * goes on at once, or finds the task put off and brings it forward. A crash before the commit
 * leaves a task that another node revives; it comes here again.
 */
final class Rest implements CompletionHandler<Void> {

    private final Launch launch;
    private final Instant until;
    private final LaunchStore store;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Rest(
            Launch launch,
            Instant until,
            LaunchStore store,
            TransactionTemplate transaction,
            Clock clock) {
        this.launch = launch;
        this.until = until;
        this.store = store;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public void complete(ExecutionComplete done, ExecutionOperations<Void> task) {
        transaction.executeWithoutResult(
                status -> {
                    boolean rests =
                            store.mayRest(launch.id(), launch.epoch())
                                    && until.isAfter(clock.instant());
                    task.reschedule(done, rests ? until : done.getTimeDone());
                });
    }
}
