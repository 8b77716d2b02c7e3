package io.mailgenius.jobs.imports.values;

import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;

/** Whether day or month is first in a date that ends with the year. */
public enum DayOrder {
    DAY_FIRST,
    MONTH_FIRST;

    /** Empty for languages whose dates begin with the year. */
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
