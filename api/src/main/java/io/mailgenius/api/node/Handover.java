package io.mailgenius.api.node;

import io.mailgenius.engine.launching.SupersededException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Recognises exceptions that only mean that another node has taken over a job, because this node
 * made no progress for longer than its lease. Its remaining writes are rejected, and nothing has
 * failed, although Spring Batch logs a step in an unknown state.
 */
final class Handover {

    private Handover() {}

    /**
     * @return a message for operators; empty for any other exception
     */
    static Optional<String> message(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SupersededException
                    || cause instanceof OptimisticLockingFailureException) {
                return Optional.of("Another node has taken over a job that this one ran");
            }
        }
        return Optional.empty();
    }
}
