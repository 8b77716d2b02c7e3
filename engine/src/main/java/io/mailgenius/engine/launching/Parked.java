package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.schema.LaunchState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The job waits for chunks, and nothing of this node waits with it: its task is put off until
 * somebody wakes it. The launch stays RUNNING, or STOPPING, so that workers go on with its chunks.
 *
 * <p>The launch's row is locked meanwhile: whoever stops the job has done so before, and then it
 * goes on at once, or finds the task put off and brings it forward. A crash before the commit
 * leaves a task that another node revives; it comes here again.
 */
final class Parked implements CompletionHandler<Void> {

    /** Should everybody miss it, the job looks by itself after that. */
    private static final Duration AT_THE_LATEST = Duration.ofDays(1);

    private final Launch launch;
    private final LaunchState decidedIn;
    private final @Nullable JobEnd ending;
    private final LaunchStore store;
    private final ParkedLaunches parked;
    private final ControlDatabase control;

    /**
     * @param decidedIn the state that the launch was in when it was found to have to wait
     * @param ending how it is to end when nothing is in anybody's hand any more; null if it goes on
     */
    Parked(
            Launch launch,
            LaunchState decidedIn,
            @Nullable JobEnd ending,
            LaunchStore store,
            ParkedLaunches parked,
            ControlDatabase control) {
        this.launch = launch;
        this.decidedIn = decidedIn;
        this.ending = ending;
        this.store = store;
        this.parked = parked;
        this.control = control;
    }

    @Override
    public void complete(ExecutionComplete done, ExecutionOperations<Void> task) {
        boolean waits =
                Objects.requireNonNull(
                        control.transaction()
                                .execute(
                                        status -> {
                                            boolean parks =
                                                    store.park(
                                                            launch.id(),
                                                            launch.epoch(),
                                                            decidedIn,
                                                            ending);
                                            task.reschedule(
                                                    done,
                                                    parks
                                                            ? done.getTimeDone().plus(AT_THE_LATEST)
                                                            : done.getTimeDone());
                                            return parks;
                                        }));
        Long instance = launch.jobInstanceId();
        if (waits && instance != null) {
            parked.wake(List.of(instance));
        }
    }
}
