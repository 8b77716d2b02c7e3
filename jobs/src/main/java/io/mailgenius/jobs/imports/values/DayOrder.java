package io.mailgenius.jobs.imports.values;

import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;

/** Which of the two comes first in a date whose year stands last. */
public enum DayOrder {
    DAY_FIRST,
    MONTH_FIRST;

    /** Empty for languages that begin with the year: they do not say. */
    static Optional<DayOrder> of(Locale locale) {
        String pattern =
                DateTimeFormatterBuilder.getLocalizedDateTimePattern(
                        FormatStyle.SHORT, null, IsoChronology.INSTANCE, locale);
        int day = pattern.indexOf('d');
        int month = pattern.indexOf('M');
        int year = pattern.indexOf('y');
        if (year < day && year < month) {
            return Optional.empty();
        }
        return Optional.of(day < month ? DAY_FIRST : MONTH_FIRST);
    }
}
