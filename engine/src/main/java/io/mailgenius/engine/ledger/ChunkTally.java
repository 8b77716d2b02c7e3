package io.mailgenius.engine.ledger;

import io.mailgenius.schema.ChunkState;
import java.util.Map;

/**
 * How many chunks stand where, and the counts of those that are done.
 *
 * @param work the items in the chunks of each state, in the step's unit
 */
public record ChunkTally(
        Map<ChunkState, Long> chunks, Map<ChunkState, Long> work, ChunkCounts counts) {

    public static final ChunkTally EMPTY = new ChunkTally(Map.of(), Map.of(), ChunkCounts.NONE);

    public long in(ChunkState state) {
        return chunks.getOrDefault(state, 0L);
    }

    public long total() {
        return sum(chunks);
    }

    public long done() {
        return in(ChunkState.DONE);
    }

    public long items() {
        return sum(work);
    }

    public long itemsDone() {
        return work.getOrDefault(ChunkState.DONE, 0L);
    }

    private static long sum(Map<ChunkState, Long> figures) {
        return figures.values().stream().mapToLong(Long::longValue).sum();
    }
}
