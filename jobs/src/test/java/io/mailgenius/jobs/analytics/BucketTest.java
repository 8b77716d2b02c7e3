package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BucketTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId HAVANA = ZoneId.of("America/Havana");
    private static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");

    @Test
    void weeks_begin_on_monday_and_months_on_their_first_day_there() {
        Instant sunday = Instant.parse("2026-03-01T22:30:00Z");
        assertThat(Bucket.WEEK.startOf(sunday, BERLIN)).isEqualTo("2026-02-22T23:00:00Z");
        assertThat(Bucket.MONTH.startOf(sunday, BERLIN)).isEqualTo("2026-02-28T23:00:00Z");
        assertThat(Bucket.WEEK.startOf(sunday.plusSeconds(1_800), BERLIN))
                .isEqualTo("2026-03-01T23:00:00Z");
        assertThat(Bucket.MONTH.startOf(sunday, ZoneOffset.UTC)).isEqualTo("2026-03-01T00:00:00Z");
    }

    @Test
    void a_day_that_a_clock_begins_twice_is_one_day() {
        Instant begins = Instant.parse("2026-11-01T04:00:00Z");
        for (int hour = 0; hour < 25; hour++) {
            assertThat(Bucket.DAY.startOf(begins.plusSeconds(3_600L * hour), HAVANA))
                    .as("hour " + hour)
                    .isEqualTo(begins);
        }
        assertThat(Bucket.DAY.after(begins, HAVANA)).isEqualTo("2026-11-02T05:00:00Z");
    }

    @Test
    void an_hour_is_never_cut_and_belongs_to_the_day_in_which_it_begins() {
        Instant hour = Instant.parse("2026-03-05T18:00:00Z"); // 23:30 in that zone
        assertThat(Bucket.HOUR.startOf(hour, KOLKATA)).isEqualTo(hour);
        assertThat(Bucket.DAY.startOf(hour, KOLKATA)).isEqualTo("2026-03-04T18:30:00Z");
    }

    @ParameterizedTest
    @EnumSource
    void each_bucket_ends_where_the_next_begins_in_every_zone_that_is_known(Bucket bucket) {
        for (String name : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(name);
            Instant start = bucket.startOf(Instant.parse("2026-03-01T00:00:00Z"), zone);
            for (int n = 0; n < 300; n++) {
                Instant next = bucket.after(start, zone);
                assertThat(next).isAfter(start);
                assertThat(bucket.startOf(next.minusSeconds(1), zone)).as(name).isEqualTo(start);
                assertThat(bucket.startOf(next, zone)).as(name).isEqualTo(next);
                start = next;
            }
        }
    }
}
