package io.mailgenius.jobs.rules;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Calendar days of a zone, counted from the one that it is there now.
 *
 * @param now the moment that "today" is asked at
 */
record CalendarDays(Instant now, ZoneId zone) {

    /** The first moment of the day that is so many after today. */
    Instant start(int after) {
        return start(now.atZone(zone).toLocalDate().plusDays(after));
    }

    /** Where clocks skip midnight it begins when they go on. */
    Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
