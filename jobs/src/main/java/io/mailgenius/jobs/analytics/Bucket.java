package io.mailgenius.jobs.analytics;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * The length of a point in a series. Buckets are computed in Java, because PostgreSQL may have
 * other zone names and older rules.
 */
public enum Bucket {
    HOUR,
    DAY,

    /** Begins on Monday. */
    WEEK,

    MONTH;

    /**
     * The start of the bucket that contains the instant; the earlier one if midnight occurs twice.
     */
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
