package io.mailgenius.jobs.rules;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Calendar days in a time zone, relative to today.
 *
 * @param now the instant that determines today
 */
record CalendarDays(Instant now, ZoneId zone) {

    /** The start of the day that is {@code after} days after today. */
    Instant start(int after) {
        return start(now.atZone(zone).toLocalDate().plusDays(after));
    }

    /** If a clock change skips midnight, the day starts when the gap ends. */
    Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
