package io.mailgenius.console.jobs;

import io.mailgenius.engine.operations.RatePoint;
import io.mailgenius.engine.operations.RateSeries;
import io.mailgenius.engine.progress.JobView;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast a job is and when it will have finished, if it stays as fast as of late.
 *
 * @param items per second of late, in the unit of its steps
 * @param left null if nothing was finished of late, or nothing is left
 */
public record Pace(double items, @Nullable Duration left) {

    /** What counts as of late. */
    private static final Duration LATELY = Duration.ofSeconds(60);

    private static final Duration LONGEST = Duration.ofDays(99);

    public static Pace of(JobView job, RateSeries rates, Instant now) {
        Duration lately =
                rates.interval().multipliedBy(3).compareTo(LATELY) > 0
                        ? rates.interval().multipliedBy(3)
                        : LATELY;
        Instant begin = now.minus(lately);
        Instant started = job.startedAt();
        if (started != null && started.isAfter(begin)) {
            begin = started;
        }
        long chunks = 0;
        long items = 0;
        for (RatePoint point : rates.points()) {
            if (!point.from().plus(rates.interval()).isBefore(begin)) {
                chunks += point.chunks();
                items += point.items();
            }
        }
        double seconds = Math.max(1, Duration.between(begin, now).toMillis() / 1000.0);
        long left = job.chunks() - job.done() - job.failed();
        return new Pace(items / seconds, left(left, chunks / seconds));
    }

    private static @Nullable Duration left(long chunks, double perSecond) {
        if (perSecond <= 0 || chunks <= 0) {
            return null;
        }
        double seconds = chunks / perSecond;
        return seconds > LONGEST.toSeconds() ? LONGEST : Duration.ofSeconds(Math.round(seconds));
    }
}
