package io.mailgenius.engine.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * As many chunks are worked on at once as the node has slots. A free slot goes to the workspace
 * that has the fewest, in FIFO order among equals. While chunks of others occupy all slots for
 * long, a workspace that has none may use one of a few extra slots, so that nobody waits for the
 * end of somebody else's long chunk.
 *
 * <p>A chunk that only waits for its DONE to be durable does not work, and has left its slot to the
 * next one.
 */
final class Slots {

    private static final int SLOTS_PER_EXTRA = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final int slots;
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private final Map<Long, Integer> busyByWorkspace = new HashMap<>();
    private int busy;

    Slots(int slots) {
        this.slots = slots;
    }

    /** How many extra slots there are for workspaces that have none. */
    static int extra(int slots) {
        return slots / SLOTS_PER_EXTRA;
    }

    private static final class Waiter {

        final long workspaceId;
        final Condition granted;
        boolean isGranted;

        Waiter(long workspaceId, Condition granted) {
            this.workspaceId = workspaceId;
            this.granted = granted;
        }
    }

    Slot take(long workspaceId) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Waiter waiter = new Waiter(workspaceId, lock.newCondition());
            waiting.add(waiter);
            grant();
            try {
                while (!waiter.isGranted) {
                    waiter.granted.await();
                }
            } catch (InterruptedException e) {
                if (!waiting.remove(waiter)) {
                    left(workspaceId);
                }
                throw e;
            }
        } finally {
            lock.unlock();
        }
        return new Slot(workspaceId);
    }

    private void grant() {
        for (Waiter next = next(); next != null; next = next()) {
            waiting.remove(next);
            busy++;
            busyByWorkspace.merge(next.workspaceId, 1, Integer::sum);
            next.isGranted = true;
            next.granted.signal();
        }
    }

    private @Nullable Waiter next() {
        if (busy >= slots + extra(slots)) {
            return null;
        }
        Waiter best = null;
        int fewest = busy < slots ? Integer.MAX_VALUE : 1;
        for (Waiter waiter : waiting) {
            int has = busyByWorkspace.getOrDefault(waiter.workspaceId, 0);
            if (has < fewest) {
                fewest = has;
                best = waiter;
            }
        }
        return best;
    }

    private void left(long workspaceId) {
        lock.lock();
        try {
            busy--;
            busyByWorkspace.computeIfPresent(workspaceId, (_, n) -> n == 1 ? null : n - 1);
            grant();
        } finally {
            lock.unlock();
        }
    }

    /** Belongs to one thread. */
    final class Slot implements AutoCloseable {

        private final long workspaceId;
        private boolean left;

        private Slot(long workspaceId) {
            this.workspaceId = workspaceId;
        }

        /** The work is done. Said twice it means the same. */
        void leave() {
            if (!left) {
                left = true;
                Slots.this.left(workspaceId);
            }
        }

        @Override
        public void close() {
            leave();
        }
    }
}
