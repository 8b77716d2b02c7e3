package io.mailgenius.engine.launching;

import io.mailgenius.schema.LaunchState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;

/** The end of an execution, as the state and error of its launch. */
public record JobEnd(LaunchState state, @Nullable String error) {

    public static JobEnd of(JobExecution execution) {
        return switch (execution.getStatus()) {
            case COMPLETED -> new JobEnd(LaunchState.COMPLETED, null);
            case STOPPED, STOPPING -> new JobEnd(LaunchState.STOPPED, null);
            case ABANDONED -> new JobEnd(LaunchState.ABANDONED, null);
            case FAILED, UNKNOWN, STARTING, STARTED ->
                    new JobEnd(LaunchState.FAILED, reason(execution));
        };
    }

    /**
     * The message of the root cause, because a failed step only reports that a partition failed.
     */
    private static String reason(JobExecution execution) {
        return execution.getAllFailureExceptions().stream()
                .filter(e -> !(e instanceof JobExecutionException))
                .map(JobEnd::root)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(execution.getExitStatus().getExitDescription());
    }

    private static Throwable root(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
