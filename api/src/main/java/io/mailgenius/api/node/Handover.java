package io.mailgenius.api.node;

import io.mailgenius.engine.launching.SupersededException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Says of an exception whether it only tells that another node has gone on with a job, as it does
 * when this one stood still for longer than its lease. What this one still writes of it is refused:
 * nothing has failed, whatever Spring Batch says of a step in an unknown state.
 */
final class Handover {

    private Handover() {}

    /**
     * @return what happened, in words for an operator; empty if it is anything else
     */
    static Optional<String> told(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SupersededException
                    || cause instanceof OptimisticLockingFailureException) {
                return Optional.of("Another node has gone on with a job that this one ran");
            }
        }
        return Optional.empty();
    }
}
