package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Span;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Parses the period and the buckets of a report. */
@Component
final class SpanParameters {

    /** The default of {@code bucket} and {@code zone}. */
    static final String DAY = "day";

    static final String UTC = "UTC";

    private final Clock clock;

    SpanParameters(Clock clock) {
        this.clock = clock;
    }

    /** The last 30 days by default. */
    Span asked(@Nullable Instant from, @Nullable Instant to, String bucket, String zone) {
        return Span.of(
                from, to, ReportWords.bucket(bucket), ReportWords.zone(zone), clock.instant());
    }
}
