package io.mailgenius.jobs.imports.values;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A date as people write it, with or without a time; docs/imports.md describes the grammar. Where
 * day and month could be either, both dates are kept, and the other cells of the column or its
 * locale decide.
 */
public sealed interface WrittenDate {

    /**
     * @param iso ISO 8601: a day, a local time or one with its offset, as the text had it
     * @param order that the text determines; null if it is ambiguous
     */
    record Exact(String iso, @Nullable DayOrder order) implements WrittenDate {}

    record Ambiguous(String dayFirst, String monthFirst) implements WrittenDate {

        public String by(DayOrder order) {
            return switch (order) {
                case DAY_FIRST -> dayFirst;
                case MONTH_FIRST -> monthFirst;
            };
        }
    }

    record NoDate() implements WrittenDate {}

    NoDate NONE = new NoDate();

    static WrittenDate of(String text) {
        return text.length() > DateParser.MAX_LENGTH ? NONE : new DateParser(text).read();
    }

    /** Finds the day first, and reads what is left as a time. */
    final class DateParser {

        private static final int MAX_LENGTH = 100;

        /** Two digits below mean this century; as spreadsheets have it. */
        private static final int PIVOT = 50;

        private static final Pattern WEEKDAY =
                Pattern.compile("^(\\p{L}+)(?:-feira)?\\.?,? (?=\\S)");
        private static final Pattern YEAR_FIRST =
                Pattern.compile("^(\\d{4})([-/.]) ?(\\d{1,2})\\2 ?(\\d{1,2})(?!\\d)");
        private static final Pattern BASIC = Pattern.compile("^(\\d{4})(\\d{2})(\\d{2})(?!\\d)");
        private static final Pattern YEAR_LAST =
                Pattern.compile("^(\\d{1,2})([-/.]) ?(\\d{1,2})\\2 ?(\\d{4}|\\d{2})(?!\\d)");
        private static final Pattern DAY_AND_NAME =
                Pattern.compile(
                        "^(\\d{1,2})(?:st|nd|rd|th|\\.|\u00BA|er)?[- /](?:de |of )?(\\p{L}+)\\.?,?"
                                + "[- /](?:de |del |of )?(\\d{4}|\\d{2})(?!\\d)");
        private static final Pattern NAME_AND_DAY =
                Pattern.compile(
                        "^(\\p{L}+)\\.?[- ](\\d{1,2})(?:st|nd|rd|th)?,?[- ](\\d{4})(?!\\d)");
        private static final Pattern TIME =
                Pattern.compile(
                        "(?:t|,? (?:at |\u00E0s |um )?)(\\d{1,2})(?:[:h](\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?"
                                + "(?: ?([ap])\\.? ?m\\.?)?(?: ?(z|utc|gmt)?(?: ?([-+]\\d{1,2})(?::?(\\d{2}))?)?)?"
                                + "(?: \\([^)]*\\))?");
        private static final Pattern BASIC_TIME =
                Pattern.compile("t(\\d{2})(\\d{2})(\\d{2})?()()(z)?([-+]\\d{2})?(?::?(\\d{2}))?");

        private String rest;

        DateParser(String text) {
            this.rest = WrittenText.plain(text).toLowerCase(Locale.ROOT);
        }

        WrittenDate read() {
            WrittenDate date = attempt();
            // Only then, since "mar" is March as well as Tuesday.
            Matcher weekday = WEEKDAY.matcher(rest);
            if (date.equals(NONE) && weekday.find() && DateWords.isDay(weekday.group(1))) {
                rest = rest.substring(weekday.end());
                return attempt();
            }
            return date;
        }

        private WrittenDate attempt() {
            try {
                return day();
            } catch (DateTimeException noSuchDayOrTime) {
                return NONE;
            }
        }

        private WrittenDate day() {
            Matcher found = YEAR_FIRST.matcher(rest);
            if (found.find()) {
                return exact(found, day(found, 1, 3, 4));
            }
            found = BASIC.matcher(rest);
            if (found.find()) {
                return exact(found, day(found, 1, 2, 3));
            }
            found = YEAR_LAST.matcher(rest);
            if (found.find()) {
                return yearLast(found);
            }
            found = DAY_AND_NAME.matcher(rest);
            if (found.find()) {
                int month = DateWords.month(found.group(2));
                return exact(found, LocalDate.of(year(found.group(3)), month, number(found, 1)));
            }
            found = NAME_AND_DAY.matcher(rest);
            if (found.find()) {
                int month = DateWords.month(found.group(1));
                return exact(found, LocalDate.of(year(found.group(3)), month, number(found, 2)));
            }
            return NONE;
        }

        private WrittenDate yearLast(Matcher found) {
            Optional<LocalDate> dayFirst = attempt(found, 3, 1);
            // A date with points never has the month first.
            Optional<LocalDate> monthFirst =
                    found.group(2).equals(".") ? Optional.empty() : attempt(found, 1, 3);
            if (dayFirst.isPresent() && monthFirst.isPresent()) {
                String one = iso(found, dayFirst.get());
                String other = iso(found, monthFirst.get());
                return one.equals(other) ? new Exact(one, null) : new Ambiguous(one, other);
            }
            if (dayFirst.isPresent()) {
                boolean proves = !found.group(2).equals(".");
                return new Exact(iso(found, dayFirst.get()), proves ? DayOrder.DAY_FIRST : null);
            }
            return monthFirst.isPresent()
                    ? new Exact(iso(found, monthFirst.get()), DayOrder.MONTH_FIRST)
                    : NONE;
        }

        private static Optional<LocalDate> attempt(Matcher found, int month, int day) {
            try {
                return Optional.of(
                        LocalDate.of(
                                year(found.group(4)), number(found, month), number(found, day)));
            } catch (DateTimeException noSuchDay) {
                return Optional.empty();
            }
        }

        private static LocalDate day(Matcher found, int year, int month, int day) {
            return LocalDate.of(number(found, year), number(found, month), number(found, day));
        }

        private static int year(String digits) {
            int year = Integer.parseInt(digits);
            return digits.length() > 2 ? year : year < PIVOT ? 2000 + year : 1900 + year;
        }

        private static int number(Matcher found, int group) {
            return Integer.parseInt(found.group(group));
        }

        private WrittenDate exact(Matcher found, LocalDate day) {
            return new Exact(iso(found, day), null);
        }

        /**
         * @throws DateTimeException if the text behind the day is not a time
         */
        private String iso(Matcher found, LocalDate day) {
            if (day.getYear() == 0) {
                throw new DateTimeException("There is no year 0");
            }
            String behind = rest.substring(found.end());
            return behind.isEmpty() ? day.toString() : time(behind, day).toString();
        }

        private static Temporal time(String text, LocalDate day) {
            Matcher time = TIME.matcher(text);
            if (!time.matches() || time.group(2) == null && time.group(5) == null) {
                time = BASIC_TIME.matcher(text);
                if (!time.matches()) {
                    throw new DateTimeException("No time");
                }
            }
            LocalDateTime local = day.atTime(clock(time));
            if (time.group(6) == null && time.group(7) == null) {
                return local;
            }
            int hours = time.group(7) == null ? 0 : Integer.parseInt(time.group(7));
            int minutes = time.group(8) == null ? 0 : number(time, 8);
            boolean west = time.group(7) != null && time.group(7).startsWith("-");
            return local.atOffset(ZoneOffset.ofHoursMinutes(hours, west ? -minutes : minutes));
        }

        private static LocalTime clock(Matcher time) {
            int hour = number(time, 1);
            String half = time.group(5);
            if (half != null && !half.isEmpty()) {
                if (hour < 1 || hour > 12) {
                    throw new DateTimeException("No hour of half a day");
                }
                hour = hour % 12 + (half.equals("p") ? 12 : 0);
            }
            String fraction = time.group(4);
            return LocalTime.of(
                    hour,
                    time.group(2) == null ? 0 : number(time, 2),
                    time.group(3) == null ? 0 : number(time, 3),
                    fraction == null || fraction.isEmpty()
                            ? 0
                            : Integer.parseInt((fraction + "000000000").substring(0, 9)));
        }
    }
}
