package io.mailgenius.engine.progress;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job in a list.
 *
 * @param housekeeping whether the product launched it by itself, for instance a rollup
 * @param executionId null until a manager has started the job
 * @param owner the node that manages it, or managed it last
 * @param inFlight the number of claimed chunks; a STOPPING job waits for them
 * @param chunks the number of chunks so far; it grows while the job enumerates
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
