package io.mailgenius.engine.tenancy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Limits the number of concurrent {@link AutocommitRead}s, because all of them together would make
 * each as slow as the sum. Permits are granted in FIFO order.
 */
final class ReadPermits {

    /** While PostgreSQL executes one read, the node prepares and serializes others. */
    private static final int PER_CORE = 4;

    /** Too short for users to notice. */
    private static final Duration WAIT_LIMIT = Duration.ofMillis(100);

    private final Semaphore permits;
    private final long waitLimitMillis;

    /**
     * @param waitLimit how long a read waits before it begins without a permit, so that long reads
     *     do not block the others
     */
    ReadPermits(int permits, Duration waitLimit) {
        this.permits = new Semaphore(permits, true);
        this.waitLimitMillis = waitLimit.toMillis();
    }

    static ReadPermits perCore() {
        return new ReadPermits(PER_CORE * Runtime.getRuntime().availableProcessors(), WAIT_LIMIT);
    }

    /**
     * @return whether there was a permit within the wait limit; if so, it must be released
     */
    boolean acquire() throws InterruptedException {
        return permits.tryAcquire(waitLimitMillis, MILLISECONDS);
    }

    void release() {
        permits.release();
    }
}
