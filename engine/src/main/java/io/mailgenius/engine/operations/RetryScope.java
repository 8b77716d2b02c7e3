package io.mailgenius.engine.operations;

/** Which FAILED chunks of a job are retried. */
public sealed interface RetryScope {

    /** All of them. */
    record All() implements RetryScope {}

    /**
     * Those with this cause.
     *
     * @param cause of {@link FailureCause}
     */
    record OfCause(String cause) implements RetryScope {}

    /** One chunk. */
    record OneChunk(long chunkId) implements RetryScope {}
}
