package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * A living launch as a task of the cluster's scheduler: while a node runs it, its heartbeats say
 * so; when they end, another node revives the task and goes on.
 */
final class LaunchTask {

    static final TaskDescriptor<Void> DESCRIPTOR = TaskDescriptor.of("launch");

    /** After trouble that is not the job's own: soon, and while it lasts less and less often. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(15);

    private LaunchTask() {}

    static String id(long launchId, int run) {
        return launchId + ":" + run;
    }

    /**
     * @param runner takes the launch's id and run, and answers what becomes of the task
     */
    static CustomTask<Void> of(BiFunction<Long, Integer, CompletionHandler<Void>> runner) {
        return Tasks.custom(DESCRIPTOR)
                .onDeadExecutionRevive()
                .onFailure(
                        (failed, task) ->
                                task.reschedule(
                                        failed,
                                        failed.getTimeDone()
                                                .plus(
                                                        pause(
                                                                failed.getExecution()
                                                                        .consecutiveFailures))))
                .execute(
                        (instance, context) -> {
                            String[] id = instance.getId().split(":");
                            return runner.apply(Long.parseLong(id[0]), Integer.parseInt(id[1]));
                        });
    }

    static Duration pause(int failuresBefore) {
        Duration pause = AGAIN.multipliedBy(1L << Math.min(failuresBefore, 10));
        return pause.compareTo(AT_LEAST_EVERY) < 0 ? pause : AT_LEAST_EVERY;
    }
}
