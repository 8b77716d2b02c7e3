package io.mailgenius.engine.cluster;

import java.util.Collection;
import java.util.Set;

/** The chunks that this node has claimed. Heartbeats renew their leases. */
public interface ChunksInHand {

    /** The ids of the claimed chunks. */
    Set<Long> inHand();

    /**
     * Stops work on chunks whose lease could not be renewed, because another node may have claimed
     * them.
     *
     * @param held the chunks whose lease was renewed
     * @param asked the chunks for which renewal was attempted; others were claimed meanwhile
     */
    void keepOnly(Collection<Long> held, Set<Long> asked);

    /** Orders the node to claim chunks, or to claim none. */
    void takeChunks(boolean takes);
}
