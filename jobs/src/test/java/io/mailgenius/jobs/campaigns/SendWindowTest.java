package io.mailgenius.jobs.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.campaigns.SendWindow.Day;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class SendWindowTest {

    @ParameterizedTest
    @CsvSource({
        "09:00, 20:00, Europe/Berlin, 2030-01-31T07:59:59Z, 2030-01-31T08:00:00Z",
        "09:00, 20:00, Europe/Berlin, 2030-01-31T18:59:59Z, 2030-01-31T18:59:59Z",
        "09:00, 20:00, Europe/Berlin, 2030-01-31T19:00:00Z, 2030-02-01T08:00:00Z",
        "22:00, 06:00, Europe/Berlin, 2030-01-31T04:59:59Z, 2030-01-31T04:59:59Z",
        "22:00, 06:00, Europe/Berlin, 2030-01-31T05:00:00Z, 2030-01-31T21:00:00Z",
        // Clocks go from 02:00 to 03:00: it opens when they do, and one of an hour not at all.
        "02:00, 05:00, Europe/Berlin, 2030-03-31T00:59:59Z, 2030-03-31T01:00:00Z",
        "02:00, 03:00, Europe/Berlin, 2030-03-31T00:59:59Z, 2030-04-01T00:00:00Z",
        // They show 02:30 twice.
        "02:30, 05:00, Europe/Berlin, 2030-10-27T00:00:00Z, 2030-10-27T00:30:00Z",
        "00:00, 02:30, Europe/Berlin, 2030-10-27T00:30:00Z, 2030-10-27T23:00:00Z",
    })
    void it_opens(String from, String to, String zone, Instant now, Instant opens) {
        assertThat(window(from, to, null, zone).opens(now, null)).isEqualTo(opens);
    }

    @Test
    void days_are_those_on_which_it_opens() {
        SendWindow nights = window("22:00", "06:00", List.of(Day.FRI), "UTC");
        Instant saturdayMorning = Instant.parse("2030-02-02T05:00:00Z");
        assertThat(nights.opens(saturdayMorning, null)).isEqualTo(saturdayMorning);
        assertThat(nights.opens(saturdayMorning.plusSeconds(3_600), null))
                .isEqualTo("2030-02-08T22:00:00Z");
        assertThat(
                        window("02:00", "03:00", List.of(Day.SUN), "Europe/Berlin")
                                .opens(Instant.parse("2030-03-25T00:00:00Z"), null))
                .as("the Sunday on which that hour does not exist is left out")
                .isEqualTo("2030-04-07T00:00:00Z");
    }

    @Test
    void each_recipients_own_is_read_in_their_zone() {
        SendWindow window = window("09:00", "20:00", null, SendWindow.RECIPIENT);
        Instant now = Instant.parse("2030-01-31T08:00:00Z");
        assertThat(window.opens(now, "Europe/Berlin")).isEqualTo(now);
        assertThat(window.opens(now, "America/New_York")).isEqualTo("2030-01-31T14:00:00Z");
        assertThat(window.opens(now, null)).isEqualTo("2030-01-31T09:00:00Z");
    }

    @Test
    void in_every_zone_it_is_open_when_clocks_show_its_hours_and_opens_no_later() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SendWindowTest: repeat with -Dseed=" + seed);
        Random random = new Random(seed);
        int waited = 0;
        for (String zone : ZoneId.getAvailableZoneIds()) {
            for (int n = 0; n < 5; n++) {
                Instant now =
                        Instant.parse("2030-01-01T00:00:00Z")
                                .plusSeconds(random.nextInt(31_000_000));
                if (clocksChange(ZoneId.of(zone), now)) {
                    continue;
                }
                SendWindow window = random(random, zone);
                String at = "seed %d: %s at %s".formatted(seed, window, now);
                Instant opens = window.opens(now, null);
                assertThat(opens).as(at).isAfterOrEqualTo(now);
                assertThat(isOpen(window, opens)).as(at).isTrue();
                for (Instant t = now; t.isBefore(opens); t = t.plus(Duration.ofMinutes(10))) {
                    assertThat(isOpen(window, t)).as(at).isFalse();
                }
                waited += opens.isAfter(now) ? 1 : 0;
            }
        }
        assertThat(waited).as("seed %d: windows that were shut", seed).isGreaterThan(500);
    }

    private static boolean clocksChange(ZoneId zone, Instant now) {
        var next = zone.getRules().nextTransition(now.minus(Duration.ofDays(2)));
        return next != null && next.getInstant().isBefore(now.plus(Duration.ofDays(9)));
    }

    private static SendWindow random(Random random, String zone) {
        LocalTime from = LocalTime.of(random.nextInt(24), 10 * random.nextInt(6));
        LocalTime to = from.plusMinutes(10L * (1 + random.nextInt(143)));
        List<Day> days = new ArrayList<>(Arrays.asList(Day.values()));
        days.removeIf(day -> random.nextInt(3) == 0);
        return new SendWindow(from, to, days.isEmpty() ? null : days, zone);
    }

    /** A plain reading, where no clock changes. */
    private static boolean isOpen(SendWindow window, Instant now) {
        LocalDateTime shown = now.atZone(ZoneId.of(window.zone())).toLocalDateTime();
        LocalTime time = shown.toLocalTime();
        LocalDate day = shown.toLocalDate();
        boolean sinceToday = !time.isBefore(window.from());
        boolean beforeEnd = time.isBefore(window.to());
        if (window.from().isBefore(window.to())) {
            return sinceToday && beforeEnd && isDay(window, day);
        }
        return sinceToday && isDay(window, day) || beforeEnd && isDay(window, day.minusDays(1));
    }

    private static boolean isDay(SendWindow window, LocalDate day) {
        return window.days() == null
                || window.days().stream()
                        .anyMatch(it -> day.getDayOfWeek().name().startsWith(it.name()));
    }

    @Test
    void it_is_read_and_written_as_people_write_it() {
        JsonMapper json = JsonMapper.shared();
        String text =
                "{\"from\":\"09:00\",\"to\":\"20:00\",\"days\":[\"MON\",\"SUN\"],\"zone\":\"Europe/Berlin\"}";
        Timing timing =
                new Timing(
                        null,
                        json.readValue(text, SendWindow.class),
                        5,
                        new WarmUp(9, 1.5, null),
                        null);
        assertThat(json.writeValueAsString(timing.window())).isEqualTo(text);
        assertThat(json.writeValueAsString(timing))
                .isEqualTo(
                        "{\"window\":%s,\"ratePerMinute\":5,\"warmUp\":{\"firstDay\":9,\"growth\":1.5}}"
                                .formatted(text));
        assertThat(json.readValue(json.writeValueAsString(timing), Timing.class)).isEqualTo(timing);
    }

    @Test
    void one_that_never_opens_is_refused() {
        refused(window("09:00", "09:00", null, "UTC"), "campaign-window-invalid");
        refused(window("09:00", "10:00", List.of(), "UTC"), "campaign-window-invalid");
        refused(window("09:00", "10:00", null, "Middle/Earth"), "zone-unknown");
    }

    private static void refused(SendWindow window, String code) {
        assertThatThrownBy(window::require)
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.problem()).isEqualTo(code));
    }

    private static SendWindow window(
            String from, String to, @Nullable List<Day> days, String zone) {
        return new SendWindow(LocalTime.parse(from), LocalTime.parse(to), days, zone);
    }
}
