package io.mailgenius.engine.launching;

import io.mailgenius.engine.cluster.NodeId;

/**
 * Thrown when the job has not ended but this node cannot continue it now: the scheduler runs it
 * again later, on any node.
 */
final class RetryLater extends RuntimeException {

    private RetryLater(String message) {
        super(message, null, false, false);
    }

    static RetryLater onAnotherNode(Launch launch, NodeId node) {
        return new RetryLater(
                "%s %s was interrupted on %s and continues on another node"
                        .formatted(launch.jobName(), launch.jobKey(), node));
    }

    static RetryLater withRetriedChunks(Launch launch) {
        return new RetryLater(
                "%s %s goes on with chunks that were retried"
                        .formatted(launch.jobName(), launch.jobKey()));
    }

    static RetryLater after(Launch launch, String failure) {
        return new RetryLater(
                "%s %s is retried until this transient failure ends: %s"
                        .formatted(launch.jobName(), launch.jobKey(), failure));
    }
}
