package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.ChunkCounts;

/** Proof that a chunk's effect is committed: only {@link Assignment#complete} makes one. */
public final class ChunkDone {

    private final ChunkCounts counts;

    ChunkDone(ChunkCounts counts) {
        this.counts = counts;
    }

    public ChunkCounts counts() {
        return counts;
    }
}
