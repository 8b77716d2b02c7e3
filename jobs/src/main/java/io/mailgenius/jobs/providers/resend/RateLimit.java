package io.mailgenius.jobs.providers.resend;

import java.time.Duration;

/**
 * How many requests may leave, in microseconds as Redis counts time.
 *
 * @param most requests that may leave within a window, wherever it begins
 * @param windowMicros 1 % more than a second for the whole rate, since the way to the provider may
 *     delay one request more than the next
 * @param spacingMicros the distance of two slots, 1.5 % more than the rate asks for: more than the
 *     window needs, so that a request that was late does not delay all that follow
 */
record RateLimit(int most, long windowMicros, long spacingMicros) {

    private static final long WINDOW_MICROS = 1_010_000;
    private static final long SLOTS_MICROS = 1_015_000;
    private static final int MAX_PER_SECOND = 1000;

    /** What the account allows all nodes together. */
    static RateLimit ofAccount(int perSecond) {
        if (perSecond < 1 || perSecond > MAX_PER_SECOND) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_RATE must be 0 (no limit) or 1 to 1000 requests per second");
        }
        return new RateLimit(perSecond, WINDOW_MICROS, Math.ceilDiv(SLOTS_MICROS, perSecond));
    }

    /**
     * The share of one node that cannot ask the others: one request at a time, at the distance that
     * keeps all nodes together within the account's rate.
     */
    static RateLimit ofNode(int perSecond, int nodes) {
        int sharedBy = Math.max(1, nodes);
        return new RateLimit(
                1,
                Math.ceilDiv(WINDOW_MICROS * sharedBy, perSecond),
                Math.ceilDiv(SLOTS_MICROS * sharedBy, perSecond));
    }

    /** Requests within a window that are not urgent, while urgent ones are expected. */
    int mostBesideUrgent() {
        return Math.max(1, most - Math.ceilDiv(most, 5));
    }

    static long micros(Duration duration) {
        return Math.ceilDiv(duration.toNanos(), 1000);
    }

    static Duration duration(long micros) {
        return Duration.ofNanos(micros * 1000);
    }
}
