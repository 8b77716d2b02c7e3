package io.mailgenius.jobs.events;

import java.time.Duration;

/** What became of a message. Whoever sent it may forget it only when it is {@link #settled}. */
public sealed interface Receipt {

    /** Committed, with everything that follows from it. */
    record Stored() implements Receipt {}

    /** Committed by an earlier delivery of the same message. */
    record Duplicate() implements Receipt {}

    /** Genuine, but of no workspace here: there is nobody to give it to, and it is not kept. */
    record Unaddressed(String type) implements Receipt {}

    /** No secret of ours signed this body under this id and time. */
    record BadSignature() implements Receipt {}

    /** Genuine, but signed too long ago, or too far in the future: a replay, or a wrong clock. */
    record TooOld(Duration age) implements Receipt {}

    /** Genuine, but not what a webhook looks like. */
    record Unreadable(String reason) implements Receipt {}

    /** More is waiting than can be written: not stored as far as we know, to be sent again. */
    record Overloaded(Duration retryAfter) implements Receipt {}

    /** The database did not take it: not stored as far as we know, to be sent again. */
    record Failed(String reason) implements Receipt {}

    /** Whether the sender need not send it again. */
    default boolean settled() {
        return switch (this) {
            case Stored _, Duplicate _, Unaddressed _ -> true;
            case BadSignature _, TooOld _, Unreadable _, Overloaded _, Failed _ -> false;
        };
    }
}
