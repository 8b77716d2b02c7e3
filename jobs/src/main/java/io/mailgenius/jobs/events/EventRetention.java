package io.mailgenius.jobs.events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the partitions of coming months and drops old ones. Figures are in tables of their own
 * and stay.
 */
final class EventRetention {

    private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);

    /** Longer than any provider redelivers a message. */
    private static final Duration KEEP_RECEIPTS = Duration.ofDays(45);

    private static final int AT_ONCE = 10_000;

    private final EventStore store;
    private final Duration keep;
    private final Clock clock;

    EventRetention(EventStore store, Duration keep, Clock clock) {
        this.store = store;
        this.keep = keep;
        this.clock = clock;
    }

    /** Idempotent; the next run completes an interrupted one. */
    void run() {
        store.ensurePartitions();
        Instant before = clock.instant().minus(keep);
        int months = store.forget(before);
        if (months > 0) {
            LOG.info("Dropped {} months of events before {}", months, before);
        }
        Instant receipts = clock.instant().minus(KEEP_RECEIPTS);
        while (store.deleteReceipts(receipts, AT_ONCE) == AT_ONCE
                && !Thread.currentThread().isInterrupted()) {}
    }
}
