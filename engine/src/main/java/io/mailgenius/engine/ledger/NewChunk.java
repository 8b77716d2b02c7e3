package io.mailgenius.engine.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that is to be inserted into the ledger.
 *
 * @param payload the description of the work, as JSON
 * @param items the amount of work, in the unit of its step
 * @param notBefore the earliest moment at which it may be claimed; null for immediately
 */
public record NewChunk(String payload, long items, @Nullable Instant notBefore) {

    public NewChunk(String payload, long items) {
        this(payload, items, null);
    }

    /** Whether the chunk may not be claimed yet. */
    public boolean isAfter(Instant now) {
        return notBefore != null && notBefore.isAfter(now);
    }
}
