package io.mailgenius.api.limits;

import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Instant;

/**
 * The time of buckets that nodes share: that of a clock on which they agree. One whose time is
 * ahead of the others' would fill a bucket for all times until theirs has come.
 */
public record ClockMeter(Clock clock) implements TimeMeter {

    private static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;

    /** To the millisecond, as the usual meter of the system. */
    @Override
    public long currentTimeNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * SECOND + now.getNano() / MILLISECOND * MILLISECOND;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
