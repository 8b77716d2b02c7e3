package io.mailgenius.engine.transport;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells a manager in which jobs chunks have ended: those who wait for one job, and the one who
 * looks after all that are parked. A notification may be lost, so both look at the ledger by
 * themselves after a while.
 */
public final class CompletionNotifier {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Long> jobs = new HashSet<>();

    /** How often each job was notified of since the first of those who wait for it asked. */
    private final Map<Long, Long> notifications = new HashMap<>();

    public void completed(Collection<Long> jobInstanceIds) {
        lock.lock();
        try {
            jobs.addAll(jobInstanceIds);
            for (Long job : jobInstanceIds) {
                notifications.computeIfPresent(job, (_, count) -> count + 1);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first job in which something ended.
     *
     * @return all such jobs since the last call; none when the time is up
     */
    public Set<Long> awaitAny(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (jobs.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            Set<Long> ended = Set.copyOf(jobs);
            jobs.clear();
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #await} wants to know, asked before the ledger is looked at. */
    public long seen(long jobInstanceId) {
        lock.lock();
        try {
            return notifications.computeIfAbsent(jobInstanceId, _ -> 0L);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns after the next notification of this job since {@code seen}, or when the time is up.
     */
    public void await(long jobInstanceId, long seen, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (left > 0 && seen(jobInstanceId) == seen) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for this job any more. */
    public void forget(long jobInstanceId) {
        lock.lock();
        try {
            notifications.remove(jobInstanceId);
        } finally {
            lock.unlock();
        }
    }
}
