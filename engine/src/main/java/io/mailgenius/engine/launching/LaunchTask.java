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
 * A launch as a db-scheduler task. While a node runs it, the scheduler sends heartbeats; when they
 * end, another node revives the task and continues.
 */
final class LaunchTask {

    static final TaskDescriptor<Void> DESCRIPTOR = TaskDescriptor.of("launch");

    /** The first retry delay after a transient failure; it doubles up to a maximum. */
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(LaunchTask.class);

    private LaunchTask() {}

    /**
     * The priority of the task. Tasks with higher values are taken first; tasks with equal values
     * by due time.
     *
     * @param before the number of launches of the workspace that are queued already
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
     * @param runner receives the id and the run of the launch, and returns what the scheduler does
     *     with the task
     */
    static CustomTask<Void> of(BiFunction<Long, Integer, CompletionHandler<Void>> runner) {
        return Tasks.custom(DESCRIPTOR)
                .onDeadExecutionRevive()
                .onFailure(LaunchTask::retry)
                .execute(
                        (instance, context) -> {
                            String[] id = instance.getId().split(":");
                            return runner.apply(Long.parseLong(id[0]), Integer.parseInt(id[1]));
                        });
    }

    private static void retry(ExecutionComplete failed, ExecutionOperations<Void> task) {
        try {
            task.reschedule(
                    failed,
                    failed.getTimeDone().plus(pause(failed.getExecution().consecutiveFailures)));
        } catch (RuntimeException e) {
            if (!superseded(failed)) {
                throw e;
            }
            // If another node has taken the launch over, it has taken the task too. After any other
            // cause the scheduler finds the task dead and revives it.
            LOG.info("Task {} was taken over by another node", failed.getExecution().getId());
        }
    }

    private static boolean superseded(ExecutionComplete failed) {
        return Stream.iterate(failed.getCause().orElse(null), Objects::nonNull, Throwable::getCause)
                .anyMatch(SupersededException.class::isInstance);
    }

    static Duration pause(int failuresBefore) {
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failuresBefore, 10));
        return pause.compareTo(MAX_RETRY_DELAY) < 0 ? pause : MAX_RETRY_DELAY;
    }
}
