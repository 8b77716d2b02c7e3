package io.mailgenius.engine.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Limits how many chunks a node claims: one per slot, and some in advance while chunks are so short
 * that fetching them one by one would cost more than processing them. Prefetched chunks are not
 * available to idle workers on other nodes, so at most {@link #AHEAD} of work is prefetched.
 */
final class PrefetchWindow {

    /** The longest time that a prefetched chunk should wait for its slot. */
    private static final Duration AHEAD = Duration.ofMillis(25);

    /**
     * The initial average, so that nothing is prefetched before the durations of chunks are known.
     */
    private static final Duration INITIAL_AVERAGE = Duration.ofSeconds(1);

    private static final int MAX_AHEAD_PER_SLOT = 8;

    /** Subtracted, so that nothing is prefetched for a slot whose chunks take seconds. */
    private static final double NEGLIGIBLE = 0.1;

    /**
     * The weight of the latest chunk in the moving average, which follows a change within about ten
     * chunks.
     */
    private static final double LATEST_WEIGHT = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final int slots;
    private int held;
    private double averageNanos = INITIAL_AVERAGE.toNanos();

    PrefetchWindow(int slots) {
        this.slots = slots;
    }

    /**
     * Waits for capacity.
     *
     * @return the number of chunks that may be claimed; 0 on a timeout
     */
    int await(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (isFull() && nanos > 0) {
                nanos = released.awaitNanos(nanos);
            }
            return isFull() ? 0 : slots + ahead() - held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Prefetched chunks are refilled when half of them are used up, because refilling one by one
     * would cost a claim statement for each.
     */
    boolean isFull() {
        lock.lock();
        try {
            return held >= slots + (ahead() + 1) / 2;
        } finally {
            lock.unlock();
        }
    }

    private int ahead() {
        double perSlot = Math.min(MAX_AHEAD_PER_SLOT, AHEAD.toNanos() / averageNanos);
        return (int) Math.ceil(slots * perSlot - NEGLIGIBLE);
    }

    void acquire() {
        lock.lock();
        try {
            held++;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            held--;
            released.signal();
        } finally {
            lock.unlock();
        }
    }

    void worked(Duration took) {
        lock.lock();
        try {
            averageNanos += LATEST_WEIGHT * (Math.max(1, took.toNanos()) - averageNanos);
        } finally {
            lock.unlock();
        }
    }
}
