package io.mailgenius.jobs.templates.liquid;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses English dates as people and programs write them, with month names or numbers. Numbers are
 * read as year, month, day if the year is first, and as day, month, year if it is last. A date
 * without a year is of the current year; a time without a date is of today. Text that is not parsed
 * completely is not a date.
 */
final class DateReader {

    private static final int LONGEST = 100;
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private static final String MONTH =
            "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
                    + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?";
    private static final String DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
    private static final String YEAR = "'?(\\d{2}|\\d{4})";

    private static final Pattern TIME =
            Pattern.compile(
                    "(?<![\\d.:])(\\d{1,2})(?::(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?)?"
                            + "(?:\\s*([ap])\\.?m\\b\\.?)?(?![\\d:])");
    private static final Pattern COMPACT =
            Pattern.compile("(\\d{8})[t ](\\d{2})(\\d{2})(\\d{2})?(?=[z+\\s-]|$)");
    private static final Pattern ZONE =
            Pattern.compile(
                    "^\\s*(?:(z|utc|gmt)?\\s*([+-])(\\d{1,2})(?::?(\\d{2}))?|(z|[a-z]{3,4}))(?![\\w:])");
    private static final Pattern WEEKDAY =
            Pattern.compile(
                    "\\b(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|s|nesday|rsday|rs|r|urday)?\\b\\.?");
    private static final Pattern REMARK = Pattern.compile("\\([^()]*\\)");

    private static final Map<String, String> ZONES =
            Map.ofEntries(
                    Map.entry("z", "+00:00"),
                    Map.entry("utc", "+00:00"),
                    Map.entry("gmt", "+00:00"),
                    Map.entry("wet", "+00:00"),
                    Map.entry("west", "+01:00"),
                    Map.entry("bst", "+01:00"),
                    Map.entry("cet", "+01:00"),
                    Map.entry("cest", "+02:00"),
                    Map.entry("eet", "+02:00"),
                    Map.entry("eest", "+03:00"),
                    Map.entry("msk", "+03:00"),
                    Map.entry("ist", "+05:30"),
                    Map.entry("jst", "+09:00"),
                    Map.entry("brt", "-03:00"),
                    Map.entry("est", "-05:00"),
                    Map.entry("edt", "-04:00"),
                    Map.entry("cst", "-06:00"),
                    Map.entry("cdt", "-05:00"),
                    Map.entry("mst", "-07:00"),
                    Map.entry("mdt", "-06:00"),
                    Map.entry("pst", "-08:00"),
                    Map.entry("pdt", "-07:00"));

    /** A date format. */
    private record DayPattern(Pattern pattern, BiFunction<MatchResult, LocalDate, LocalDate> day) {}

    private static final List<DayPattern> DAY_PATTERNS = dayPatterns();

    private final OffsetDateTime now;
    private String rest;
    private @Nullable LocalTime time;
    private long daysMore;
    private ZoneOffset zone = ZoneOffset.UTC;

    private DateReader(String text, OffsetDateTime now) {
        this.rest = text;
        this.now = now;
    }

    /** Returns null for text that is not a date. */
    static @Nullable OffsetDateTime read(String text, OffsetDateTime now) {
        if (text.length() > LONGEST
                || text.chars().noneMatch(c -> c >= '0' && c <= '9' || isLetter(c))) {
            return null;
        }
        try {
            return new DateReader(text.toLowerCase(Locale.ROOT), now).read();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private @Nullable OffsetDateTime read() {
        rest = REMARK.matcher(rest).replaceAll(" ").strip();
        Matcher compact = COMPACT.matcher(rest);
        if (compact.lookingAt()) {
            String seconds = compact.group(3 + 1) == null ? "00" : compact.group(4);
            rest =
                    "%s %s:%s:%s%s"
                            .formatted(
                                    compact.group(1),
                                    compact.group(2),
                                    compact.group(3),
                                    seconds,
                                    rest.substring(compact.end()));
        }
        rest = rest.replaceAll("(?<=\\d)t(?=\\d)", " ");
        takeTime();
        boolean weekday = WEEKDAY.matcher(rest).find();
        rest = WEEKDAY.matcher(rest).replaceFirst(" ");
        rest = rest.replace(',', ' ').strip().replaceAll("\\s+", " ");
        LocalDate day = day(weekday);
        return day == null
                ? null
                : day.plusDays(daysMore)
                        .atTime(time == null ? LocalTime.MIDNIGHT : time)
                        .atOffset(zone);
    }

    private @Nullable LocalDate day(boolean weekday) {
        LocalDate today = now.toLocalDate();
        if (rest.isEmpty()) {
            return time == null || weekday ? null : today;
        }
        for (DayPattern shape : DAY_PATTERNS) {
            Matcher matcher = shape.pattern.matcher(rest);
            if (matcher.matches()) {
                return shape.day.apply(matcher, today);
            }
        }
        return null;
    }

    /** A lone number is a time only with minutes or with am or pm. */
    private void takeTime() {
        Matcher matcher = TIME.matcher(rest);
        while (matcher.find()) {
            if (matcher.group(2) != null || matcher.group(5) != null) {
                setTime(matcher);
                String before = rest.substring(0, matcher.start()).strip();
                if (before.endsWith(" at")) {
                    before = before.substring(0, before.length() - 3);
                }
                rest = before + " " + afterZone(rest.substring(matcher.end()));
                return;
            }
        }
    }

    private void setTime(MatchResult found) {
        int hour = Integer.parseInt(found.group(1));
        if (found.group(5) != null) {
            if (hour < 1 || hour > 12) {
                throw new DateTimeException("the hour is not between 1 and 12");
            }
            hour = hour % 12 + (found.group(5).equals("p") ? 12 : 0);
        }
        int minute = number(found.group(2));
        int second = number(found.group(3));
        int nanos = number((found.group(4) == null ? "" : found.group(4) + "000000000"), 9);
        if (hour == 24 && minute == 0 && second == 0) {
            hour = 0;
            daysMore = 1;
        }
        time = LocalTime.of(hour, minute, second, nanos);
    }

    private static int number(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static int number(String digits, int most) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits.substring(0, most));
    }

    private String afterZone(String text) {
        Matcher matcher = ZONE.matcher(text);
        if (!matcher.find()) {
            return text;
        }
        if (matcher.group(2) != null) {
            int sign = matcher.group(2).equals("-") ? -1 : 1;
            int hours = Integer.parseInt(matcher.group(3));
            zone = ZoneOffset.ofHoursMinutes(sign * hours, sign * number(matcher.group(4)));
        } else {
            String known = ZONES.get(matcher.group(5));
            if (known == null) {
                return text;
            }
            zone = ZoneOffset.of(known);
        }
        return text.substring(matcher.end());
    }

    private static List<DayPattern> dayPatterns() {
        List<DayPattern> shapes = new ArrayList<>();
        shape(shapes, "(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})", (it, _) -> day(it, 1, 2, 3));
        shape(shapes, "(\\d{1,2})[-/.] ?(\\d{1,2})[-/.] ?(\\d{4})", (it, _) -> day(it, 3, 2, 1));
        shape(shapes, "(\\d{2})[-/.](\\d{1,2})[-/.](\\d{1,2})", (it, _) -> day(it, 1, 2, 3));
        shape(shapes, "(\\d{1,2})/(\\d{1,2})", (it, now) -> day(it, now, 1, 2));
        shape(shapes, "(\\d{4})[-/](\\d{1,2})", (it, _) -> day(it, 1, 2, 0));
        shape(shapes, "(\\d{4})(\\d{2})(\\d{2})", (it, _) -> day(it, 1, 2, 3));
        shape(
                shapes,
                "(\\d{4})-(\\d{3})",
                (it, _) -> LocalDate.ofYearDay(year(it.group(1)), Integer.parseInt(it.group(2))));
        shape(shapes, "(\\d{4})-?w(\\d{2})(?:-?([1-7]))?", (it, _) -> week(it));
        shape(shapes, DAY + "[ -]?(?:of )?" + MONTH + "[ -]?" + YEAR, (it, _) -> day(it, 3, 2, 1));
        shape(shapes, DAY + "[ -]?(?:of )?" + MONTH, (it, now) -> day(it, now, 2, 1));
        shape(shapes, MONTH + "[ -]?" + DAY + "[ -]" + YEAR, (it, _) -> day(it, 3, 1, 2));
        shape(shapes, MONTH + "[ -]?'?(\\d{4})", (it, _) -> day(it, 2, 1, 0));
        shape(shapes, MONTH + "[ -]?" + DAY, (it, now) -> day(it, now, 1, 2));
        shape(shapes, "(\\d{4})[ -]?" + MONTH + "[ -]?" + DAY, (it, _) -> day(it, 1, 2, 3));
        shape(shapes, "(\\d{4})[ -]?" + MONTH, (it, _) -> day(it, 1, 2, 0));
        shape(shapes, MONTH, (it, now) -> day(it, now, 1, 0));
        return List.copyOf(shapes);
    }

    private static void shape(
            List<DayPattern> shapes,
            String pattern,
            BiFunction<MatchResult, LocalDate, LocalDate> day) {
        shapes.add(new DayPattern(Pattern.compile(pattern), day));
    }

    private static LocalDate day(MatchResult found, int year, int month, int day) {
        return LocalDate.of(
                year(found.group(year)),
                month(found.group(month)),
                day == 0 ? 1 : Integer.parseInt(found.group(day)));
    }

    /** The day in the current year. */
    private static LocalDate day(MatchResult found, LocalDate now, int month, int day) {
        return LocalDate.of(
                now.getYear(),
                month(found.group(month)),
                day == 0 ? 1 : Integer.parseInt(found.group(day)));
    }

    private static LocalDate week(MatchResult found) {
        return LocalDate.of(year(found.group(1)), 1, 4)
                .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, Long.parseLong(found.group(2)))
                .with(
                        java.time.DayOfWeek.of(
                                found.group(3) == null ? 1 : Integer.parseInt(found.group(3))));
    }

    private static int month(String written) {
        return Character.isDigit(written.charAt(0))
                ? Integer.parseInt(written)
                : MONTHS.indexOf(written.substring(0, 3)) / 3 + 1;
    }

    /** Two digits mean 1969 to 2068, as in Ruby. */
    private static int year(String written) {
        int year = Integer.parseInt(written);
        return written.length() > 2 ? year : year + (year >= 69 ? 1900 : 2000);
    }
}
