package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The period of a report and its buckets.
 *
 * @param zone the time zone of days, weeks and months; if its offset is not a whole number of
 *     hours, the hour in which a day begins counts for the day before
 */
public record Span(Instant from, Instant to, Bucket bucket, ZoneId zone) {

    private static final Duration USUAL = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(731);

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    public Span {
        if (!from.isBefore(to)
                || Duration.between(from, to).compareTo(LONGEST) > 0
                || from.isBefore(EARLIEST)
                || to.isAfter(LATEST)) {
            throw new Refusal.Invalid(
                    "time-range-invalid",
                    "from must be before to, at most two years before, and both between 1970 and 9999.");
        }
    }

    /** The last 30 days by default. */
    public static Span of(
            @Nullable Instant from, @Nullable Instant to, Bucket bucket, ZoneId zone, Instant now) {
        Instant end = to == null ? now : to;
        Instant usual = end.isBefore(EARLIEST) ? end : end.minus(USUAL);
        return new Span(from == null ? usual : from, end, bucket, zone);
    }
}
