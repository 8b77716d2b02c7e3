package io.mailgenius.engine.worker;

import java.util.concurrent.Semaphore;

/**
 * As many chunks are worked on at once as the node has slots. A chunk that only waits for its DONE
 * to be durable does not work, and has left its slot to the next one.
 */
final class Slots {

    /** So many chunks of each slot may wait for their DONE while its next one is worked on. */
    static final int ENDING_PER_SLOT = 3;

    private final Semaphore free;

    Slots(int slots) {
        free = new Semaphore(slots);
    }

    Slot take() throws InterruptedException {
        free.acquire();
        return new Slot();
    }

    /** Belongs to one thread. */
    final class Slot implements AutoCloseable {

        private boolean left;

        /** The work is done. Said twice it means the same. */
        void leave() {
            if (!left) {
                left = true;
                free.release();
            }
        }

        @Override
        public void close() {
            leave();
        }
    }
}
