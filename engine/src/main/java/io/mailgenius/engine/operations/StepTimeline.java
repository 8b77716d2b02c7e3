package io.mailgenius.engine.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a job as a bar in a timeline.
 *
 * @param distributed whether its chunks are processed by workers; false for a step that the manager
 *     executes itself
 * @param status the state of the step, as {@code STARTED}, {@code COMPLETED} or {@code FAILED}; of
 *     a distributed step as its chunks have it
 * @param partitions empty unless distributed; at most {@link JobInspection#MAX_PARTITIONS}
 */
public record StepTimeline(
        String step,
        boolean distributed,
        String status,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        List<PartitionBar> partitions) {

    /**
     * A partition as a bar.
     *
     * @param startedAt when its first chunk was claimed; null if none was
     * @param endedAt when its last chunk was finished; null while chunks are unfinished
     * @param failed the number of FAILED chunks
     * @param straggler whether it takes more than twice as long as the median of the partitions of
     *     this step, and more than ten seconds
     * @param took until now, if it has not ended
     */
    public record PartitionBar(
            int partition,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Duration took,
            long chunks,
            long done,
            long failed,
            long inHand,
            long items,
            boolean straggler) {}
}
