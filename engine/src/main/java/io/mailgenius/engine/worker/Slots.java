package io.mailgenius.engine.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many chunks are processed at the same time. A free slot goes to the workspace that
 * uses the fewest, in FIFO order among equals. If long chunks of other workspaces occupy all slots,
 * a workspace that uses none may use one of a few extra slots, so that it need not wait for the end
 * of another workspace's chunk.
 *
 * <p>A chunk that only waits for its DONE state to become durable has already released its slot.
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

    /** The number of extra slots for workspaces that use none. */
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

    /** A slot, confined to one thread. */
    final class Slot implements AutoCloseable {

        private final long workspaceId;
        private boolean left;

        private Slot(long workspaceId) {
            this.workspaceId = workspaceId;
        }

        /** Releases the slot. Calling it again has no effect. */
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
