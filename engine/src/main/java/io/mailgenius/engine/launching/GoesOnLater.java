package io.mailgenius.engine.launching;

import io.mailgenius.engine.node.NodeId;

/** The job has not ended, but this node can do no more for it now: the scheduler gives it again. */
final class GoesOnLater extends RuntimeException {

    private GoesOnLater(String message) {
        super(message, null, false, false);
    }

    static GoesOnLater elsewhere(Launch launch, NodeId node) {
        return new GoesOnLater(
                "%s %s was interrupted on %s and goes on elsewhere"
                        .formatted(launch.jobName(), launch.jobKey(), node));
    }

    static GoesOnLater after(Launch launch, String trouble) {
        return new GoesOnLater(
                "%s %s goes on when this has passed: %s"
                        .formatted(launch.jobName(), launch.jobKey(), trouble));
    }
}
