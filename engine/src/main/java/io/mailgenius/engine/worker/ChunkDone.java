package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.ChunkCounts;

/** Proves that a chunk's effect is committed: only {@link Assignment#complete} creates one. */
public final class ChunkDone {

    private final ChunkCounts counts;

    ChunkDone(ChunkCounts counts) {
        this.counts = counts;
    }

    public ChunkCounts counts() {
        return counts;
    }
}
