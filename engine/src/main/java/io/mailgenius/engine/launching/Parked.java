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
 * Parks a job that waits for chunks, so that it occupies no resources of this node: its task is
 * postponed until it is woken. The launch stays RUNNING or STOPPING, so that workers continue with
 * its chunks.
 *
 * <p>The row of the launch is locked meanwhile. A concurrent stop either committed before, and then
 * the task is due at once, or finds the postponed task and makes it due. After a crash before the
 * commit another node revives the task and parks the job again.
 */
final class Parked implements CompletionHandler<Void> {

    /**
     * The fallback: a job that no notification and no sweeper wakes checks its chunks after this
     * time.
     */
    private static final Duration WAKE_UP_AT_THE_LATEST = Duration.ofDays(1);

    private final Launch launch;
    private final LaunchState decidedIn;
    private final @Nullable JobEnd ending;
    private final LaunchStore store;
    private final ParkedLaunches parked;
    private final ControlDatabase control;

    /**
     * @param decidedIn the state of the launch when the decision to park was made
     * @param ending how it ends when no chunk is claimed any more; null if it continues
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
                                            boolean parks = store.park(launch, decidedIn, ending);
                                            task.reschedule(
                                                    done,
                                                    parks
                                                            ? done.getTimeDone()
                                                                    .plus(WAKE_UP_AT_THE_LATEST)
                                                            : done.getTimeDone());
                                            return parks;
                                        }));
        Long instance = launch.jobInstanceId();
        if (waits && instance != null) {
            parked.wake(List.of(instance));
        }
    }
}
