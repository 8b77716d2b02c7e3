package io.mailgenius.jobs.templates.liquid;

import java.time.OffsetDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats dates by the {@code strftime} patterns of Ruby: {@code %-d}, {@code %^b}, {@code %03d}.
 * Names are English.
 */
final class StrftimePattern {

    private static final String FLAGS = "-0^#_:";

    private final OffsetDateTime date;
    private final String pattern;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private StrftimePattern(OffsetDateTime date, String pattern) {
        this.date = date;
        this.pattern = pattern;
    }

    static String format(OffsetDateTime date, String pattern) {
        return new StrftimePattern(date, pattern).format();
    }

    private String format() {
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '%' && at + 1 < pattern.length()) {
                conversion();
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    /** Leaves unknown conversions as they are. */
    private void conversion() {
        int start = at++;
        StringBuilder flags = new StringBuilder();
        while (at < pattern.length() && FLAGS.indexOf(pattern.charAt(at)) >= 0) {
            flags.append(pattern.charAt(at++));
        }
        int width = 0;
        while (at < pattern.length() && MarkupLexer.isDigit(pattern.charAt(at))) {
            width = width * 10 + pattern.charAt(at++) - '0';
        }
        while (at < pattern.length() && (pattern.charAt(at) == 'E' || pattern.charAt(at) == 'O')) {
            at++;
        }
        String text = null;
        if (at < pattern.length()) {
            char letter = pattern.charAt(at++);
            text = converted(letter, flags.toString(), width);
        }
        out.append(text == null ? pattern.substring(start, at) : text);
    }

    private @Nullable String converted(char letter, String flags, int width) {
        return switch (letter) {
            case 'Y' -> number(date.getYear(), date.getYear() < 0 ? 5 : 4, '0', flags, width);
            case 'C' -> number(Math.floorDiv(date.getYear(), 100), 2, '0', flags, width);
            case 'y' -> number(Math.floorMod(date.getYear(), 100), 2, '0', flags, width);
            case 'm' -> number(date.getMonthValue(), 2, '0', flags, width);
            case 'd' -> number(date.getDayOfMonth(), 2, '0', flags, width);
            case 'e' -> number(date.getDayOfMonth(), 2, ' ', flags, width);
            case 'j' -> number(date.getDayOfYear(), 3, '0', flags, width);
            case 'H' -> number(date.getHour(), 2, '0', flags, width);
            case 'k' -> number(date.getHour(), 2, ' ', flags, width);
            case 'I' -> number(hour12(), 2, '0', flags, width);
            case 'l' -> number(hour12(), 2, ' ', flags, width);
            case 'M' -> number(date.getMinute(), 2, '0', flags, width);
            case 'S' -> number(date.getSecond(), 2, '0', flags, width);
            case 'L' -> fraction(width == 0 ? 3 : width);
            case 'N' -> fraction(width == 0 ? 9 : width);
            case 's' -> number(date.toEpochSecond(), 1, '0', flags, width);
            case 'Q' -> number(date.toInstant().toEpochMilli(), 1, '0', flags, width);
            case 'u' -> number(date.getDayOfWeek().getValue(), 1, '0', flags, width);
            case 'w' -> number(date.getDayOfWeek().getValue() % 7, 1, '0', flags, width);
            case 'G' -> number(date.get(IsoFields.WEEK_BASED_YEAR), 4, '0', flags, width);
            case 'g' -> number(date.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flags, width);
            case 'V' -> number(date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flags, width);
            case 'U' -> number(weekFrom(0), 2, '0', flags, width);
            case 'W' -> number(weekFrom(1), 2, '0', flags, width);
            default -> word(letter, flags, width);
        };
    }

    private @Nullable String word(char letter, String flags, int width) {
        return switch (letter) {
            case 'B' -> text(month(TextStyle.FULL), flags, width);
            case 'b', 'h' -> text(month(TextStyle.SHORT), flags, width);
            case 'A' -> text(weekday(TextStyle.FULL), flags, width);
            case 'a' -> text(weekday(TextStyle.SHORT), flags, width);
            case 'p' -> text(amPm(), flags.replace("#", "v"), width);
            case 'P' -> text(amPm().toLowerCase(Locale.ROOT), flags, width);
            case 'z' -> offset(flags);
            case 'Z' -> text(date.getOffset().getTotalSeconds() == 0 ? "UTC" : "", flags, width);
            case 'c' -> text(format(date, "%a %b %e %H:%M:%S %Y"), flags, width);
            case 'D', 'x' -> text(format(date, "%m/%d/%y"), flags, width);
            case 'F' -> text(format(date, "%Y-%m-%d"), flags, width);
            case 'v' -> text(format(date, "%e-%^b-%Y"), flags, width);
            case 'X', 'T' -> text(format(date, "%H:%M:%S"), flags, width);
            case 'r' -> text(format(date, "%I:%M:%S %p"), flags, width);
            case 'R' -> text(format(date, "%H:%M"), flags, width);
            case '+' -> text(format(date, "%a %b %e %H:%M:%S %Z %Y"), flags, width);
            case 'n' -> text("\n", flags, width);
            case 't' -> text("\t", flags, width);
            case '%' -> "%";
            default -> null;
        };
    }

    private String month(TextStyle style) {
        return date.getMonth().getDisplayName(style, Locale.ENGLISH);
    }

    private String weekday(TextStyle style) {
        return date.getDayOfWeek().getDisplayName(style, Locale.ENGLISH);
    }

    private String amPm() {
        return date.getHour() < 12 ? "AM" : "PM";
    }

    private int hour12() {
        return (date.getHour() + 11) % 12 + 1;
    }

    /**
     * The week of the year for weeks that begin on Sunday (0) or Monday (1). Days before the first
     * such day are in week 0.
     */
    private int weekFrom(int firstDay) {
        int weekday = Math.floorMod(date.getDayOfWeek().getValue() % 7 - firstDay, 7);
        return (date.getDayOfYear() - 1 + 7 - weekday) / 7;
    }

    private String fraction(int digits) {
        int nanos = date.get(ChronoField.NANO_OF_SECOND);
        String all = String.format(Locale.ROOT, "%09d", nanos);
        return digits <= 9 ? all.substring(0, digits) : all + "0".repeat(digits - 9);
    }

    private String offset(String flags) {
        int seconds = date.getOffset().getTotalSeconds();
        int minutes = Math.abs(seconds) / 60;
        String sign = seconds < 0 ? "-" : "+";
        String colon = flags.contains(":") ? ":" : "";
        String more =
                flags.contains("::")
                        ? String.format(Locale.ROOT, ":%02d", Math.abs(seconds) % 60)
                        : "";
        return String.format(
                Locale.ROOT, "%s%02d%s%02d%s", sign, minutes / 60, colon, minutes % 60, more);
    }

    private static String number(long number, int usual, char usualPad, String flags, int width) {
        char pad = usualPad;
        boolean bare = false;
        for (char flag : flags.toCharArray()) {
            bare |= flag == '-';
            pad = flag == '0' ? '0' : flag == '_' ? ' ' : pad;
        }
        String digits = Long.toString(Math.abs(number));
        String sign = number < 0 ? "-" : "";
        int missing = (width > 0 ? width : usual) - digits.length() - sign.length();
        if (bare || missing <= 0) {
            return sign + digits;
        }
        String padding = Character.toString(pad).repeat(missing);
        return pad == '0' ? sign + padding + digits : padding + sign + digits;
    }

    private static String text(String text, String flags, int width) {
        String cased = text;
        if (flags.contains("^")) {
            cased = text.toUpperCase(Locale.ROOT);
        } else if (flags.contains("v")) {
            cased = text.toLowerCase(Locale.ROOT);
        } else if (flags.contains("#")) {
            cased = text.toUpperCase(Locale.ROOT);
        }
        int missing = width - cased.length();
        String pad = flags.contains("0") ? "0" : " ";
        return missing <= 0 || flags.contains("-") ? cased : pad.repeat(missing) + cased;
    }
}
