package io.mailgenius.engine.operations;

import java.time.Instant;

/**
 * Chunks of a job that failed for the same reason.
 *
 * @param cause the first line of the error, with numbers, ids and quoted texts replaced
 * @param failed the number of chunks that are FAILED with it now
 * @param attempts the number of recorded attempts that ended with it, those of chunks that
 *     succeeded later included
 * @param example an error of this cause as it was reported
 * @param exampleChunk the chunk of the example
 * @param lastAt when it occurred last
 */
public record FailureCause(
        String cause,
        long failed,
        long attempts,
        String example,
        long exampleChunk,
        Instant lastAt) {}
