package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.Counts;

/** Proof that a chunk's effect is committed: only {@link Assignment#complete} makes one. */
public final class Done {

    private final Counts counts;

    Done(Counts counts) {
        this.counts = counts;
    }

    public Counts counts() {
        return counts;
    }
}
