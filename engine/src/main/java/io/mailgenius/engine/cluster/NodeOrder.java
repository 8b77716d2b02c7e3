package io.mailgenius.engine.cluster;

import io.mailgenius.schema.NodeIntake;

/** What an operator orders a node to do. */
public enum NodeOrder {
    /** Take chunks. */
    TAKE,
    /** Take none until the order is withdrawn, also after a restart. */
    PAUSE,
    /** Take none until the process ends. */
    DRAIN;

    /**
     * What a node under this order says about itself.
     *
     * @param inHand the number of its chunks
     */
    NodeIntake intake(int inHand) {
        return switch (this) {
            case TAKE -> NodeIntake.TAKING;
            case PAUSE -> NodeIntake.PAUSED;
            case DRAIN -> inHand == 0 ? NodeIntake.DRAINED : NodeIntake.DRAINING;
        };
    }
}
