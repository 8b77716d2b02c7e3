package io.mailgenius.jobs.analytics;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * How long a point of a series is. Calendars are Java's: PostgreSQL knows other names of zones, and
 * may know older rules of them.
 */
public enum Bucket {
    HOUR,
    DAY,

    /** From Monday on. */
    WEEK,

    MONTH;

    /** Of the bucket that the moment is in. Where a clock shows midnight twice, the earlier. */
    Instant startOf(Instant moment, ZoneId zone) {
        return switch (this) {
            case HOUR -> moment.truncatedTo(ChronoUnit.HOURS);
            case DAY, WEEK, MONTH -> firstDay(LocalDate.ofInstant(moment, zone), zone);
        };
    }

    Instant after(Instant start, ZoneId zone) {
        LocalDate day = LocalDate.ofInstant(start, zone);
        return switch (this) {
            case HOUR -> start.plus(Duration.ofHours(1));
            case DAY -> firstDay(day.plusDays(1), zone);
            case WEEK -> firstDay(day.plusWeeks(1), zone);
            case MONTH -> firstDay(day.plusMonths(1), zone);
        };
    }

    private Instant firstDay(LocalDate day, ZoneId zone) {
        LocalDate first =
                switch (this) {
                    case HOUR, DAY -> day;
                    case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                    case MONTH -> day.withDayOfMonth(1);
                };
        return first.atStartOfDay(zone).toInstant();
    }
}
