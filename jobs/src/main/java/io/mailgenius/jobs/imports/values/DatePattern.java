package io.mailgenius.jobs.imports.values;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pattern of dates in an option, such as {@code dd/MM/yyyy HH:mm}. */
public record DatePattern(String pattern, DateTimeFormatter formatter) {

    private static final LocalDate FIRST_OF_TWO_DIGITS = LocalDate.of(1950, 1, 1);
    private static final Pattern YEAR = Pattern.compile("'[^']*'|[yu]+");
    private static final ZonedDateTime SAMPLE =
            LocalDate.of(1999, 12, 31).atTime(22, 59, 58).atZone(ZoneOffset.UTC);

    /** Empty if it is no pattern, has no day, or has an incomplete time. */
    static Optional<DatePattern> of(String pattern) {
        String bare = pattern.replaceAll("'[^']*'", "");
        // Without am or pm, hours are those of the day, whichever letter stands for them.
        String hours = bare.contains("a") ? pattern : pattern.replace('h', 'H');
        try {
            DatePattern read = new DatePattern(pattern, formatter(WrittenText.plain(hours)));
            String sample = read.iso(read.formatter.format(SAMPLE));
            boolean timed = bare.matches(".*[aHhKkmsSn].*");
            return sample == null || timed != sample.contains("T")
                    ? Optional.empty()
                    : Optional.of(read);
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Years of two digits are those from 1950 to 2049; words are English, in any case. */
    private static DateTimeFormatter formatter(String pattern) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        Matcher year = YEAR.matcher(pattern);
        int at = 0;
        while (year.find()) {
            append(builder, pattern.substring(at, year.start()));
            String found = year.group();
            if (found.startsWith("'")) {
                append(builder, found);
            } else if (found.length() == 2) {
                builder.appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_OF_TWO_DIGITS);
            } else {
                append(builder, found.replace('y', 'u'));
            }
            at = year.end();
        }
        append(builder, pattern.substring(at));
        return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    private static void append(DateTimeFormatterBuilder builder, String pattern) {
        if (!pattern.isEmpty()) {
            builder.appendPattern(pattern);
        }
    }

    /** ISO 8601, with the time and the offset of the pattern; null if the text does not match. */
    @Nullable
    public String iso(String text) {
        try {
            TemporalAccessor parsed =
                    formatter.parseBest(
                            WrittenText.plain(text),
                            OffsetDateTime::from,
                            LocalDateTime::from,
                            LocalDate::from);
            return parsed.toString();
        } catch (DateTimeException none) {
            return null;
        }
    }
}
