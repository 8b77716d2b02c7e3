package io.mailgenius.jobs.imports.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * A pool of the buffers into which slices are written. A slice needs megabytes for about a second,
 * long enough for the garbage collector to promote them to the old generation. A returned buffer is
 * reused while other slices are being merged, and released with the last of them.
 */
public final class CopyBuffers {

    private final List<CopyBuffer> spare = new ArrayList<>();
    private int lent;

    /**
     * Returns an empty buffer, which the caller must {@linkplain #giveBack give back}.
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
