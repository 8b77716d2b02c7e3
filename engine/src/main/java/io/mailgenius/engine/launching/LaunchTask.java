package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * A living launch as a task of the cluster's scheduler: while a node runs it, its heartbeats say
 * so; when they end, another node revives the task and goes on.
 */
final class LaunchTask {

    static final TaskDescriptor<Void> DESCRIPTOR = TaskDescriptor.of("launch");

    /** After trouble that is not the job's own, such as a database that restarts. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private LaunchTask() {}

    static String id(long launchId, int run) {
        return launchId + ":" + run;
    }

    /**
     * @param runner takes the launch's id and run
     */
    static OneTimeTask<Void> of(BiConsumer<Long, Integer> runner) {
        return Tasks.oneTime(DESCRIPTOR)
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(AGAIN))
                .execute(
                        (instance, context) -> {
                            String[] id = instance.getId().split(":");
                            runner.accept(Long.parseLong(id[0]), Integer.parseInt(id[1]));
                        });
    }
}
