package io.mailgenius.jobs.imports.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * Lends the memory that slices are written into. Each needs megabytes for the second that it is
 * merged, which is long enough for the collector to take them for something that stays. What comes
 * back is lent again while other slices are in hand, and let go with the last of them.
 */
public final class CopyBuffers {

    private final List<CopyBuffer> spare = new ArrayList<>();
    private int lent;

    /**
     * An empty one, to be {@linkplain #giveBack given back}.
     *
     * @param expected bytes that a new one has room for
     */
    public synchronized CopyBuffer lend(int expected) {
        CopyBuffer buffer = spare.isEmpty() ? new CopyBuffer(expected) : spare.removeLast();
        lent++;
        buffer.backTo(0);
        return buffer;
    }

    public synchronized void giveBack(CopyBuffer buffer) {
        lent--;
        if (lent == 0) {
            spare.clear();
        } else {
            spare.add(buffer);
        }
    }
}
