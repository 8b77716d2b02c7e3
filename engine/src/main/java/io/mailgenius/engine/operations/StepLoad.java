package io.mailgenius.engine.operations;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a step and what was done of it within the last hour, in the current workspace.
 *
 * @param ready chunks of running jobs that can be claimed now
 * @param oldestReadyAt since when the oldest of them can be
 * @param inHand claimed chunks
 * @param minutes the last hour, minute by minute, without those in which nothing was done
 */
public record StepLoad(
        String step,
        long ready,
        @Nullable Instant oldestReadyAt,
        long inHand,
        List<Minute> minutes) {

    /**
     * @param chunks that became DONE
     * @param items of them, in the unit of the step
     * @param failures attempts that failed
     * @param utilisation the share of the slots of all workers that alive nodes have now, from 0 to
     *     1, that worked on this step
     */
    public record Minute(
            Instant from, long chunks, long items, long failures, double utilisation) {}
}
