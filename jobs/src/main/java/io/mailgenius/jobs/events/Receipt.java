package io.mailgenius.jobs.events;

import java.time.Duration;

/** The outcome of a message. The sender may discard it only if it is {@link #settled}. */
public sealed interface Receipt {

    /** Committed, with all its consequences. */
    record Stored() implements Receipt {}

    /** Committed by an earlier delivery of the same message. */
    record Duplicate() implements Receipt {}

    /** Signed correctly, but of no workspace of this installation; not stored. */
    record Unaddressed(String type) implements Receipt {}

    /** The signature matches none of the configured secrets. */
    record BadSignature() implements Receipt {}

    /**
     * Signed correctly, but with a timestamp too far in the past or the future: a replay or a wrong
     * clock.
     */
    record TooOld(Duration age) implements Receipt {}

    /** Signed correctly, but not a valid webhook. */
    record Unreadable(String reason) implements Receipt {}

    /** The queue is full. The event may not be stored and should be sent again. */
    record Overloaded(Duration retryAfter) implements Receipt {}

    /** The transaction failed. The event may not be stored and should be sent again. */
    record Failed(String reason) implements Receipt {}

    /** Whether the sender need not send it again. */
    default boolean settled() {
        return switch (this) {
            case Stored _, Duplicate _, Unaddressed _ -> true;
            case BadSignature _, TooOld _, Unreadable _, Overloaded _, Failed _ -> false;
        };
    }
}
