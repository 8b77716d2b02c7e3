package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.analytics.Growth.Change;
import io.mailgenius.jobs.analytics.Growth.Point;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrowthTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant LONG_AGO = Instant.parse("2025-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-05T12:34:56Z");

    @Test
    void sizes_are_computed_backwards_also_through_days_without_changes() {
        Growth growth =
                Growth.of(
                        LONG_AGO,
                        110,
                        Map.of(
                                Instant.parse("2026-03-02T22:00:00Z"), new Change(50, 5, 0, 1),
                                Instant.parse("2026-03-02T23:00:00Z"), new Change(7, 0, 2, 0),
                                Instant.parse("2026-03-05T12:00:00Z"), new Change(0, 2, 0, 0)),
                        span("2026-03-01T23:00:00Z", "2026-03-05T12:34:56Z"),
                        NOW);
        assertThat(growth.size()).isEqualTo(110);
        assertThat(growth.points())
                .containsExactly(
                        new Point(Instant.parse("2026-03-01T23:00:00Z"), 50, 5, 0, 1, 105),
                        new Point(Instant.parse("2026-03-02T23:00:00Z"), 7, 0, 2, 0, 112),
                        new Point(Instant.parse("2026-03-03T23:00:00Z"), 0, 0, 0, 0, 112),
                        new Point(Instant.parse("2026-03-04T23:00:00Z"), 0, 2, 0, 0, 110));
    }

    @Test
    void changes_after_the_span_are_in_no_point() {
        Growth growth =
                Growth.of(
                        LONG_AGO,
                        110,
                        Map.of(
                                Instant.parse("2026-03-01T23:00:00Z"), new Change(1, 0, 0, 0),
                                Instant.parse("2026-03-04T10:00:00Z"), new Change(10, 3, 0, 0)),
                        span("2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"),
                        NOW);
        assertThat(growth.points())
                .containsExactly(new Point(Instant.parse("2026-03-01T23:00:00Z"), 1, 0, 0, 0, 103));
    }

    @Test
    void there_are_no_points_before_counting_began_and_after_now() {
        Growth growth =
                Growth.of(
                        Instant.parse("2026-03-03T15:00:00Z"),
                        110,
                        Map.of(Instant.parse("2026-03-03T15:00:00Z"), new Change(4, 0, 0, 0)),
                        span("2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"),
                        NOW);
        assertThat(growth.points())
                .extracting(Point::start)
                .containsExactly(
                        Instant.parse("2026-03-02T23:00:00Z"),
                        Instant.parse("2026-03-03T23:00:00Z"),
                        Instant.parse("2026-03-04T23:00:00Z"));
        assertThat(growth.points().getFirst().gained()).isEqualTo(4);
    }

    private static Span span(String from, String to) {
        return new Span(Instant.parse(from), Instant.parse(to), Bucket.DAY, BERLIN);
    }
}
