package io.mailgenius.engine.ledger;

import java.util.Locale;

/** The chunk is no longer this node's: its lease ran out, and somebody else has it or will. */
public final class ChunkLost extends RuntimeException {

    public ChunkLost(Claim claim) {
        super(
                String.format(
                        Locale.ROOT,
                        "Chunk %d, attempt %d, is no longer with %s",
                        claim.id(),
                        claim.attempt(),
                        claim.owner()),
                null,
                false,
                false);
    }
}
