package io.mailgenius.engine.cluster;

import java.util.Collection;
import java.util.Set;

/** The chunks that this node has claimed. Heartbeats renew their leases. */
public interface ChunksInHand {

    /** The ids of the chunks that are being worked on now. */
    Set<Long> inHand();

    /**
     * Stops work on chunks whose lease could not be renewed: another node may have them.
     *
     * @param held those whose lease was renewed
     * @param asked those for which it was tried; others have been claimed meanwhile
     */
    void keepOnly(Collection<Long> held, Set<Long> asked);
}
