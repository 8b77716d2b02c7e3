package io.mailgenius.engine.ledger;

import io.mailgenius.schema.ChunkState;
import java.util.Map;

/** How many chunks stand where, and the counts of those that are done. */
public record Tally(Map<ChunkState, Long> chunks, Counts counts) {

    public long in(ChunkState state) {
        return chunks.getOrDefault(state, 0L);
    }

    public long total() {
        return chunks.values().stream().mapToLong(Long::longValue).sum();
    }

    public long done() {
        return in(ChunkState.DONE);
    }
}
