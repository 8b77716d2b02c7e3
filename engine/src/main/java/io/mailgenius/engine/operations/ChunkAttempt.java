package io.mailgenius.engine.operations;

import io.mailgenius.schema.AttemptOutcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that did not succeed.
 *
 * @param node the alias of the node that made it
 * @param startedAt when the node claimed the chunk; null if that was before it was recorded
 * @param stack the stack trace of the error, cut to 8,000 characters; null if the node sent none
 */
public record ChunkAttempt(
        int attempt,
        @Nullable String node,
        @Nullable Instant startedAt,
        Instant endedAt,
        AttemptOutcome outcome,
        @Nullable String cause,
        @Nullable String error,
        @Nullable String stack) {}
