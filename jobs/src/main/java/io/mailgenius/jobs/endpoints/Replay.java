package io.mailgenius.jobs.endpoints;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are delivered again: those that were created from {@code from} on and before
 * {@code to}; with {@code failed} only those whose attempts have all failed.
 *
 * @param failed false if null, and then both times are needed
 */
public record Replay(@Nullable Instant from, @Nullable Instant to, @Nullable Boolean failed) {

    /**
     * @param replayed messages that are delivered again
     * @param more whether there are more of them, for another request
     */
    public record Replayed(int replayed, boolean more) {}
}
