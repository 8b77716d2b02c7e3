package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Span;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads which time a caller asks for, and how it is to be cut. */
@Component
final class SpanParameters {

    /** What {@code bucket} and {@code zone} are unless told. */
    static final String DAY = "day";

    static final String UTC = "UTC";

    private final Clock clock;

    SpanParameters(Clock clock) {
        this.clock = clock;
    }

    /** The last 30 days unless told. */
    Span asked(@Nullable Instant from, @Nullable Instant to, String bucket, String zone) {
        return Span.of(
                from, to, ReportWords.bucket(bucket), ReportWords.zone(zone), clock.instant());
    }
}
