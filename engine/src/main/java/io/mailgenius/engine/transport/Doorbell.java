package io.mailgenius.engine.transport;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes those who wait for chunks of a job. A ring that nobody hears is lost, so whoever waits
 * looks at the ledger first, and again when the time is up.
 */
public final class Doorbell {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private final Map<Long, Long> counted = new HashMap<>();

    public void ring(long jobInstanceId) {
        lock.lock();
        try {
            counted.computeIfPresent(jobInstanceId, (job, rings) -> rings + 1);
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What {@link #await} wants to know: how often it rang before the ledger was looked at. From
     * the first such question on it is counted; all managers hear of all jobs, and few ask.
     */
    public long heard(long jobInstanceId) {
        lock.lock();
        try {
            return counted.computeIfAbsent(jobInstanceId, job -> 0L);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns as soon as it has rung so many times more, or when the time is up.
     *
     * @param rings at least one
     */
    public void await(long jobInstanceId, long heard, int rings, Duration patience)
            throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (left > 0 && heard(jobInstanceId) < heard + rings) {
                left = rung.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    public void forget(long jobInstanceId) {
        lock.lock();
        try {
            counted.remove(jobInstanceId);
        } finally {
            lock.unlock();
        }
    }
}
