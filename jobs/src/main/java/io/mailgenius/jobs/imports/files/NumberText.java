package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.imports.files.NumberFormat.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a cell that holds a number or a date: numbers with 15 significant digits, as
 * spreadsheet programs show them, dates in ISO 8601.
 *
 * @param from1904 whether days are counted from 1904, as Macs did, instead of 1900
 */
record NumberText(boolean from1904) {

    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);
    private static final Pattern LIKE_THOUSANDS = Pattern.compile("-?[1-9][0-9]{0,2}\\.[0-9]{3}");
    private static final long DAY = 86_400_000L;
    private static final LocalDate DAY_0_OF_1904 = LocalDate.of(1904, 1, 1);
    private static final LocalDate DAY_0_OF_1900 = LocalDate.of(1899, 12, 31);

    /** Day 60 is 29 February 1900, a date that exists only in Lotus 1-2-3 and its successors. */
    private static final int DAY_TOO_MANY = 60;

    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

    /** Beyond {@link #LAST}, from wherever days are counted. */
    private static final int TOO_MANY_DAYS = 2_958_466;

    /** A spreadsheet has no larger number. */
    private static final int MAX_DIGITS = 400;

    /**
     * @param value as the file has it
     * @return as it stands if it is no number
     */
    String of(String value, NumberFormat format) {
        String text = value.strip();
        if (!isNumber(text)) {
            return text;
        }
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            return text;
        }
        String shown =
                switch (format.kind()) {
                    case NUMBER -> null;
                    case DATE -> date(number, format);
                    case TIME -> time(number, format);
                    case ELAPSED -> elapsed(number, format);
                    case DIGITS -> digits(number, format);
                };
        return shown == null ? unambiguous(plain(text, number)) : shown;
    }

    /**
     * The reader of the text cannot decide whether 1.125 has a decimal point or a thousands
     * separator; with one more zero it is unambiguous in every language.
     */
    private static String unambiguous(String plain) {
        return LIKE_THOUSANDS.matcher(plain).matches() ? plain + "0" : plain;
    }

    private static boolean isNumber(String text) {
        boolean digit = false;
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (c >= '0' && c <= '9') {
                digit = true;
            } else if ((c == 'e' || c == 'E') && digit && n + 1 < text.length()) {
                return text.length() <= MAX_DIGITS && text.substring(n + 1).matches("[+-]?\\d+");
            } else if (c != '.' && !(n == 0 && (c == '-' || c == '+'))) {
                return false;
            }
        }
        return digit && text.length() <= MAX_DIGITS && text.indexOf('.') == text.lastIndexOf('.');
    }

    private static String plain(String text, double number) {
        if (text.length() <= 15 && isWhole(text)) {
            return text;
        }
        return number == 0
                ? "0"
                : BigDecimal.valueOf(number).round(SHOWN).stripTrailingZeros().toPlainString();
    }

    /** Whether it is written as a whole number is written. */
    private static boolean isWhole(String text) {
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (c < '0' || c > '9' || c == '0' && n == 0 && text.length() > 1) {
                return false;
            }
        }
        return true;
    }

    /** Null if spreadsheet programs do not show the number as a day. */
    private @Nullable String date(double number, NumberFormat format) {
        if (number < 0 || number >= TOO_MANY_DAYS) {
            return null;
        }
        long millis = Math.round(number * DAY);
        LocalTime time = time(millis, format);
        boolean midnight = time.equals(LocalTime.MIDNIGHT);
        long day = millis / DAY;
        if (day == 0 && !from1904) {
            // A formula's result for an empty cell is shown as 0 January 1900.
            return midnight ? "" : time.toString();
        }
        LocalDate date = day(day);
        if (date.isAfter(LAST)) {
            return null;
        }
        return midnight ? date.toString() : LocalDateTime.of(date, time).toString();
    }

    private LocalDate day(long number) {
        return from1904
                ? DAY_0_OF_1904.plusDays(number)
                : DAY_0_OF_1900.plusDays(number < DAY_TOO_MANY ? number : number - 1);
    }

    /** A float has no exact milliseconds; seconds are cut as they are shown. */
    private static LocalTime time(long millis, NumberFormat format) {
        long ofDay = Math.floorMod(millis, DAY);
        return LocalTime.ofNanoOfDay(
                (format.fractions() ? ofDay : ofDay - ofDay % 1_000) * 1_000_000);
    }

    private @Nullable String time(double number, NumberFormat format) {
        long millis = Math.round(number * DAY);
        return number >= 0 && millis < DAY ? time(millis, format).toString() : date(number, format);
    }

    private static @Nullable String elapsed(double number, NumberFormat format) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            return null;
        }
        long seconds = Math.round(number * DAY / 1_000);
        if (format.detail().equals("s")) {
            return Long.toString(seconds);
        }
        if (format.detail().equals("m")) {
            return "%d:%02d".formatted(seconds / 60, seconds % 60);
        }
        String minutes = "%d:%02d".formatted(seconds / 3_600, seconds / 60 % 60);
        return format.seconds() || seconds % 60 != 0
                ? minutes + ":%02d".formatted(seconds % 60)
                : minutes;
    }

    /** The digits in their places, from the last one; null if they do not fit. */
    private static @Nullable String digits(double number, NumberFormat format) {
        if (number < 0 || number != Math.rint(number) || number >= 1e15) {
            return null;
        }
        String digits = Long.toString((long) number);
        StringBuilder backwards = new StringBuilder();
        int left = digits.length();
        int places = 0;
        for (FormatToken token : format.mask().reversed()) {
            if (token.is(FormatToken.Kind.LITERAL)) {
                backwards.append(new StringBuilder(token.text()).reverse());
            } else {
                places++;
                if (left > 0) {
                    backwards.append(digits.charAt(--left));
                } else if (token.text().equals("0")) {
                    backwards.append('0');
                }
            }
        }
        return places < digits.length() ? null : backwards.reverse().toString();
    }

    /** Of a cell that holds its date in ISO 8601; as it stands if it is none. */
    String ofIso(String value, NumberFormat format) {
        String text = value.strip();
        try {
            LocalDateTime moment = moment(text);
            boolean alone =
                    moment.toLocalDate().equals(LocalDate.of(1899, 12, 30))
                            || moment.toLocalDate().equals(DAY_0_OF_1900);
            if (alone && format.kind() == Kind.TIME) {
                return moment.toLocalTime().toString();
            }
            return moment.toLocalTime().equals(LocalTime.MIDNIGHT)
                    ? moment.toLocalDate().toString()
                    : moment.toString();
        } catch (DateTimeParseException none) {
            return text;
        }
    }

    /** Spreadsheets have no time zones; writers put a Z behind the time that is shown. */
    private static LocalDateTime moment(String text) {
        if (text.length() <= "2024-03-05".length()) {
            return LocalDate.parse(text).atStartOfDay();
        }
        if (text.endsWith("Z")) {
            return OffsetDateTime.parse(text)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toLocalDateTime();
        }
        return LocalDateTime.parse(text);
    }
}
