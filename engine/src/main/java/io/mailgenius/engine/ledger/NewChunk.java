package io.mailgenius.engine.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A chunk to be written down.
 *
 * @param payload what to do, as JSON
 * @param items how much work it is, in the unit of its step
 * @param notBefore nobody takes it before that; null for at once
 */
public record NewChunk(String payload, long items, @Nullable Instant notBefore) {

    public NewChunk(String payload, long items) {
        this(payload, items, null);
    }

    /** Whether it has to wait. */
    public boolean isAfter(Instant now) {
        return notBefore != null && notBefore.isAfter(now);
    }
}
