package io.mailgenius.engine.ledger;

import java.util.Locale;

/**
 * The claim on a chunk is no longer valid, because its lease expired and another node may have
 * claimed the chunk.
 */
public final class ChunkLost extends RuntimeException {

    public ChunkLost(Claim claim) {
        super(
                String.format(
                        Locale.ROOT,
                        "Chunk %d, attempt %d, is no longer claimed by %s",
                        claim.id(),
                        claim.attempt(),
                        claim.owner()),
                null,
                false,
                false);
    }
}
