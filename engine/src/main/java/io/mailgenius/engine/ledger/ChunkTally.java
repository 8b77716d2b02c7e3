package io.mailgenius.engine.ledger;

import io.mailgenius.schema.ChunkState;
import java.util.Map;

/**
 * The number of chunks by state, and the summed counts of the chunks that are DONE.
 *
 * @param work the items of the chunks in each state, in the unit of the step
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
