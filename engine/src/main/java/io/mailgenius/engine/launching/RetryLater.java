package io.mailgenius.engine.launching;

import io.mailgenius.engine.cluster.NodeId;

/** The job has not ended, but this node can do no more for it now: the scheduler gives it again. */
final class RetryLater extends RuntimeException {

    private RetryLater(String message) {
        super(message, null, false, false);
    }

    static RetryLater elsewhere(Launch launch, NodeId node) {
        return new RetryLater(
                "%s %s was interrupted on %s and goes on elsewhere"
                        .formatted(launch.jobName(), launch.jobKey(), node));
    }

    static RetryLater after(Launch launch, String trouble) {
        return new RetryLater(
                "%s %s goes on when this has passed: %s"
                        .formatted(launch.jobName(), launch.jobKey(), trouble));
    }
}
