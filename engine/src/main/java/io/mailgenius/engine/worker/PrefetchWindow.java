package io.mailgenius.engine.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many chunks a node may hold: one for each slot, and some ahead while chunks are so short that
 * fetching them one by one would cost more than the work. What is fetched ahead waits here instead
 * of going to an idle worker elsewhere, so it is never more than {@link #AHEAD} of work.
 */
final class PrefetchWindow {

    /** The longest that a chunk should wait for its slot. */
    private static final Duration AHEAD = Duration.ofMillis(25);

    /** Nothing is fetched ahead before it is known that chunks are short. */
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(1);

    private static final int MOST_AHEAD_PER_SLOT = 8;

    /** So that a slot whose chunks take seconds has none ahead. */
    private static final double NEGLIGIBLE = 0.1;

    /** The weight of the newest chunk in the average: it follows a change within ten or so. */
    private static final double NEWEST = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final int slots;
    private int held;
    private double averageNanos = UNTIL_KNOWN.toNanos();

    PrefetchWindow(int slots) {
        this.slots = slots;
    }

    /** Waits until there is room, and says for how many; 0 if there is none when the time is up. */
    int await(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (isFull() && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            return isFull() ? 0 : slots + ahead() - held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is fetched ahead is fetched when half of it is used up: one by one, each would cost a
     * claim of its own.
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
        double perSlot = Math.min(MOST_AHEAD_PER_SLOT, AHEAD.toNanos() / averageNanos);
        return (int) Math.ceil(slots * perSlot - NEGLIGIBLE);
    }

    void taken() {
        lock.lock();
        try {
            held++;
        } finally {
            lock.unlock();
        }
    }

    void left() {
        lock.lock();
        try {
            held--;
            left.signal();
        } finally {
            lock.unlock();
        }
    }

    void worked(Duration took) {
        lock.lock();
        try {
            averageNanos += NEWEST * (Math.max(1, took.toNanos()) - averageNanos);
        } finally {
            lock.unlock();
        }
    }
}
