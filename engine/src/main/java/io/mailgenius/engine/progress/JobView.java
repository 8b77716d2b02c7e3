package io.mailgenius.engine.progress;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job in a list.
 *
 * @param housekeeping whether nobody asked for it: a rollup, or a segment that is counted again
 * @param executionId missing until a manager has taken it on
 * @param owner the node that manages it, or managed it last
 * @param inFlight how many chunks workers have in hand: while a job is STOPPING, what it waits for
 * @param chunks how many there are so far; more may come while it enumerates
 */
public record JobView(
        long launchId,
        @Nullable Long executionId,
        String job,
        String key,
        boolean housekeeping,
        Priority priority,
        LaunchState state,
        @Nullable String owner,
        long chunks,
        long done,
        long failed,
        long inFlight,
        @Nullable String error,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {}
