package io.mailgenius.engine.operations;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A thread dump that was asked for.
 *
 * @param node the alias of the node
 * @param text the dump, cut to 250,000 characters; null unless ANSWERED
 */
public record ThreadDump(
        long id,
        String node,
        Status status,
        Instant requestedAt,
        @Nullable Instant answeredAt,
        @Nullable String text) {

    /** EXPIRED is a request that the node has not answered within a minute. */
    public enum Status {
        PENDING,
        ANSWERED,
        EXPIRED
    }
}
