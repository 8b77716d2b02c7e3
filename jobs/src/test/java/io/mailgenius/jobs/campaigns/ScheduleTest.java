package io.mailgenius.jobs.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A local time is one moment in every zone, also where clocks skip it or show it twice. */
class ScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "2030-01-31T09:00, Europe/Berlin,    2030-01-31T08:00:00Z",
        "2030-03-31T02:30, Europe/Berlin,    2030-03-31T01:30:00Z", // skipped: it is 03:30
        "2030-10-27T02:30, Europe/Berlin,    2030-10-27T00:30:00Z", // twice: the first
        "2030-10-06T02:15, Australia/Lord_Howe, 2030-10-05T15:45:00Z", // skipped by half an hour
        "2011-12-30T09:00, Pacific/Apia,     2011-12-30T19:00:00Z", // a whole day was skipped
    })
    void a_local_time_is_a_moment(String at, String zone, Instant moment) {
        Schedule schedule = new Schedule(at, zone, null);
        schedule.require();
        assertThat(schedule.moment()).isEqualTo(moment);
    }

    @Test
    void in_every_zone_clocks_show_the_time_when_it_is_a_recipients_turn() {
        int changes = 0;
        for (String name : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(name);
            LocalDateTime at = LocalDateTime.parse("2030-01-01T00:15");
            for (; at.getYear() == 2030; at = at.plusMinutes(390)) {
                Instant moment = new Schedule(at.toString(), "UTC", true).momentFor(name);
                ZonedDateTime shown = moment.atZone(zone);
                ZoneOffsetTransition change = zone.getRules().getTransition(at);
                if (change != null && change.isGap()) {
                    changes++;
                    assertThat(shown.toLocalDateTime()).isEqualTo(at.plus(change.getDuration()));
                } else {
                    assertThat(shown.toLocalDateTime()).as("%s in %s", at, name).isEqualTo(at);
                    if (change != null) {
                        changes++;
                        Instant hourBefore = moment.plus(change.getDuration());
                        assertThat(hourBefore.atZone(zone).toLocalDateTime()).isNotEqualTo(at);
                    }
                }
            }
        }
        assertThat(changes).as("times that were skipped or came twice").isPositive();
    }

    @Test
    void
            the_first_turn_is_that_of_the_zone_where_it_is_latest_and_unreadable_zones_are_the_others() {
        Schedule schedule = new Schedule("2030-01-31T09:00", "Europe/Berlin", true);
        schedule.require();
        Instant berlin = Instant.parse("2030-01-31T08:00:00Z");
        assertThat(schedule.momentFor(null)).isEqualTo(berlin);
        assertThat(schedule.momentFor("Middle/Earth")).isEqualTo(berlin);
        assertThat(schedule.momentFor("+02:00")).isEqualTo(berlin.minus(Duration.ofHours(1)));
        assertThat(schedule.first(List.of("America/New_York", "??"))).isEqualTo(berlin);
        assertThat(schedule.first(List.of("Pacific/Kiritimati", "Asia/Tokyo")))
                .isEqualTo("2030-01-30T19:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2030-01-31T09:00,  -,             -,    campaign-schedule-unclear",
                "2030-01-31T09:00Z, Europe/Berlin, -,    campaign-schedule-unclear",
                "2030-01-31T09:00Z, -,             true, campaign-schedule-unclear",
                "tomorrow,          Europe/Berlin, -,    campaign-schedule-unclear",
                "2030-01-31T09:00,  Middle/Earth,  -,    zone-unknown",
                "2030-01-31T09:00,  +02:00,        -,    zone-unknown",
            })
    void what_is_unclear_is_refused(String at, String zone, Boolean perRecipient, String code) {
        assertThatThrownBy(new Schedule(at, zone, perRecipient)::require)
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.problem()).isEqualTo(code));
    }
}
