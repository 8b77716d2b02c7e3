package io.mailgenius.api.console;

import io.mailgenius.console.host.Section;
import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Bucket;
import io.mailgenius.jobs.analytics.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The figures of the last 30 days on the overview. */
@Component
class FiguresOfMonth {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Analytics analytics;
    private final LastKnown known;
    private final Clock clock;

    FiguresOfMonth(Analytics analytics, LastKnown known, Clock clock) {
        this.analytics = analytics;
        this.known = known;
        this.clock = clock;
    }

    Section section() {
        Instant now = clock.instant();
        var total =
                known.read(
                                "figures of the month",
                                EVERY,
                                () ->
                                        analytics
                                                .overview(
                                                        new Span(
                                                                now.minus(MONTH),
                                                                now.plusSeconds(1),
                                                                Bucket.DAY,
                                                                ZoneOffset.UTC))
                                                .total())
                        .value();
        return new Section("figures", "figures", Map.of("figures", total, "rates", total.rates()));
    }
}
