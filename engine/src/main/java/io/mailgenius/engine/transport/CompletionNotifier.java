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
 * Notifies the threads of a manager in which jobs chunks have ended: those that wait for one job,
 * and the {@code ParkedJobWaker}, which handles all parked jobs. A notification can be lost, so
 * both also poll the ledger.
 */
public final class CompletionNotifier {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Long> jobs = new HashSet<>();

    /** The number of notifications per job since its first waiter called {@link #seen}. */
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
     * Waits for the next notification of any job.
     *
     * @return all jobs with notifications since the last call; empty on a timeout
     */
    public Set<Long> awaitAny(Duration atMost) throws InterruptedException {
        long remaining = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (jobs.isEmpty() && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            Set<Long> ended = Set.copyOf(jobs);
            jobs.clear();
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the number of notifications of the job. Call it before reading the ledger, and pass
     * the result to {@link #await}.
     */
    public long seen(long jobInstanceId) {
        lock.lock();
        try {
            return notifications.computeIfAbsent(jobInstanceId, _ -> 0L);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the job has been notified since {@code seen}, or until the timeout. */
    public void await(long jobInstanceId, long seen, Duration atMost) throws InterruptedException {
        long remaining = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (remaining > 0 && seen(jobInstanceId) == seen) {
                remaining = changed.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes the counter of a job that no thread waits for. */
    public void removeWaiter(long jobInstanceId) {
        lock.lock();
        try {
            notifications.remove(jobInstanceId);
        } finally {
            lock.unlock();
        }
    }
}
