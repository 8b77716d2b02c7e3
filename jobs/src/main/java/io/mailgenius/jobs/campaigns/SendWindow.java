package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hours in which a campaign is sent. A window whose end is before its start ends on the next
 * day; days are those on which it opens. Around changes of the clock, hours are read as in {@link
 * Schedule}.
 *
 * @param to the first moment outside of the window
 * @param days null for every day
 * @param zone an IANA zone, or {@link #RECIPIENT}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SendWindow(
        @JsonFormat(pattern = "HH:mm") LocalTime from,
        @JsonFormat(pattern = "HH:mm") LocalTime to,
        @Nullable List<Day> days,
        String zone) {

    /** In place of a zone: the zone of each recipient. */
    static final String RECIPIENT = "recipient";

    /** Longer than any window is closed: two weeks, and a day on either side. */
    private static final int LOOK = 16;

    /** As people write weekdays. */
    public enum Day {
        MON,
        TUE,
        WED,
        THU,
        FRI,
        SAT,
        SUN;

        static Day of(DayOfWeek day) {
            return values()[day.ordinal()];
        }
    }

    void require() {
        if (!zone.equals(RECIPIENT)) {
            TimeZones.named(zone);
        }
        if (from.equals(to)) {
            throw new Refusal.Invalid(
                    "campaign-window-invalid",
                    "A window from %s to %s is never open: for all day leave it away."
                            .formatted(from, to));
        }
        if (days != null && (days.isEmpty() || days.contains(null))) {
            throw new Refusal.Invalid(
                    "campaign-window-invalid",
                    "A window without days is never open: name some of MON to SUN, or leave days"
                            + " away for every day.");
        }
    }

    public boolean eachTheirOwn() {
        return zone.equals(RECIPIENT);
    }

    /**
     * When it opens next: {@code now} if it is open.
     *
     * @param theirs the recipients' zone, for a window in each recipient's zone
     */
    public Instant opens(Instant now, @Nullable String theirs) {
        return opens(now, zone(theirs));
    }

    private ZoneId zone(@Nullable String theirs) {
        return eachTheirOwn()
                ? TimeZones.readable(theirs).orElseGet(() -> ZoneId.of("UTC"))
                : ZoneId.of(zone);
    }

    private Instant opens(Instant now, ZoneId where) {
        LocalDate today = now.atZone(where).toLocalDate();
        for (int n = -1; n <= LOOK; n++) {
            LocalDate day = today.plusDays(n);
            if (days == null || days.contains(Day.of(day.getDayOfWeek()))) {
                Instant begin = day.atTime(from).atZone(where).toInstant();
                LocalDate last = from.isBefore(to) ? day : day.plusDays(1);
                Instant end = last.atTime(to).atZone(where).toInstant();
                if (now.isBefore(end) && begin.isBefore(end)) {
                    return begin.isAfter(now) ? begin : now;
                }
            }
        }
        throw new IllegalStateException("%s does not open after %s".formatted(this, now));
    }
}
