package io.mailgenius.jobs.providers.resend;

import java.time.Duration;

/** Stands still until it is advanced. */
final class ManualClock {

    private long nanos = 1_700_000_000_000_000_000L;

    long nanos() {
        return nanos;
    }

    long micros() {
        return nanos / 1000;
    }

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    void advanceTo(long micros) {
        nanos = Math.max(nanos, micros * 1000);
    }
}
