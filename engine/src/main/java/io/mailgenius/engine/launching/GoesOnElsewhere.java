package io.mailgenius.engine.launching;

import io.mailgenius.engine.node.NodeId;

/** This node leaves in the middle of a job: the scheduler gives the task to another one. */
final class GoesOnElsewhere extends RuntimeException {

    GoesOnElsewhere(Launch launch, NodeId node) {
        super(
                "%s %s was interrupted on %s and goes on elsewhere"
                        .formatted(launch.jobName(), launch.jobKey(), node),
                null,
                false,
                false);
    }
}
