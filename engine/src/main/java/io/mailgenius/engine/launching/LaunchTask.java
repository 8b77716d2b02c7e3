package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.mailgenius.schema.Priority;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A living launch as a task of the cluster's scheduler: while a node runs it, its heartbeats say
 * so; when they end, another node revives the task and goes on.
 */
final class LaunchTask {

    static final TaskDescriptor<Void> DESCRIPTOR = TaskDescriptor.of("launch");

    /** After trouble that is not the job's own: soon, and while it lasts less and less often. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(LaunchTask.class);

    private LaunchTask() {}

    /**
     * Higher ones are taken first, among those of the same the one that is due first.
     *
     * @param before how many launches of its workspace wait already
     */
    static int priority(Priority priority, int before) {
        int step =
                switch (priority) {
                    case HIGH -> 1;
                    case NORMAL -> 2;
                    case LOW -> 4;
                };
        return -before * step;
    }

    static String id(long launchId, int run) {
        return launchId + ":" + run;
    }

    /**
     * @param runner takes the launch's id and run, and answers what becomes of the task
     */
    static CustomTask<Void> of(BiFunction<Long, Integer, CompletionHandler<Void>> runner) {
        return Tasks.custom(DESCRIPTOR)
                .onDeadExecutionRevive()
                .onFailure(LaunchTask::again)
                .execute(
                        (instance, context) -> {
                            String[] id = instance.getId().split(":");
                            return runner.apply(Long.parseLong(id[0]), Integer.parseInt(id[1]));
                        });
    }

    private static void again(ExecutionComplete failed, ExecutionOperations<Void> task) {
        try {
            task.reschedule(
                    failed,
                    failed.getTimeDone().plus(pause(failed.getExecution().consecutiveFailures)));
        } catch (RuntimeException e) {
            if (!superseded(failed)) {
                throw e;
            }
            // With the launch the other node has taken its task: nothing is left to do here. If it
            // was something else, the task is found dead and revived.
            LOG.info("Task {} is another node's now", failed.getExecution().getId());
        }
    }

    private static boolean superseded(ExecutionComplete failed) {
        return Stream.iterate(failed.getCause().orElse(null), Objects::nonNull, Throwable::getCause)
                .anyMatch(SupersededException.class::isInstance);
    }

    static Duration pause(int failuresBefore) {
        Duration pause = AGAIN.multipliedBy(1L << Math.min(failuresBefore, 10));
        return pause.compareTo(AT_LEAST_EVERY) < 0 ? pause : AT_LEAST_EVERY;
    }
}
