package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.workspaces.Refusal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the cells of an attribute's column hold. */
sealed interface CellType {

    /** A number or a truth value where the text is one beyond doubt, otherwise a text. */
    record Guessed() implements CellType {}

    /** As it stands. */
    record Text() implements CellType {}

    /** Also with a decimal comma, and with marks between thousands. */
    record Number() implements CellType {}

    /** Also in words. */
    record Truth() implements CellType {}

    /** Written as ISO 8601, whatever the file has. */
    record Date(List<DateTimeFormatter> formats) implements CellType {}

    Set<String> YES = Set.of("true", "yes", "y", "1", "sim", "s", "verdadeiro", "x");
    Set<String> NO = Set.of("false", "no", "n", "0", "não", "nao", "falso");

    /** Day before month where both could be meant; the year first is beyond doubt. */
    Date ANY_DATE =
            new Date(
                    List.of(
                            formatter("uuuu-MM-dd"),
                            formatter("d/M/uuuu"),
                            formatter("d.M.uuuu"),
                            formatter("d-M-uuuu"),
                            formatter("uuuu/M/d")));

    /**
     * @throws Refusal.Invalid if there is no such type
     */
    static CellType of(String column, String name) {
        return switch (name) {
            case "text" -> new Text();
            case "number" -> new Number();
            case "boolean" -> new Truth();
            case "date" -> ANY_DATE;
            case String other when other.startsWith("date:") -> date(column, other.substring(5));
            case String other ->
                    throw unknown(
                            "Column \"%s\" has the type \"%s\"; there are text, number, boolean, date, and date:<pattern>."
                                    .formatted(column, other));
        };
    }

    private static CellType date(String column, String pattern) {
        try {
            return new Date(List.of(formatter(pattern.replace("yyyy", "uuuu"))));
        } catch (IllegalArgumentException e) {
            throw unknown(
                    "Column \"%s\" has dates of the pattern \"%s\", which is none: write it like MM/dd/yyyy."
                            .formatted(column, pattern));
        }
    }

    private static Refusal unknown(String message) {
        return new Refusal.Invalid("import-unknown-type", message);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** The date in ISO 8601, or null if the text is none. */
    static @Nullable String isoDate(Date type, String text) {
        for (DateTimeFormatter format : type.formats) {
            try {
                return LocalDate.parse(text, format).toString();
            } catch (DateTimeParseException next) {
                continue;
            } catch (DateTimeException notADay) {
                return null;
            }
        }
        // Dates of spreadsheets are written so, whatever pattern the texts of the column have.
        return text.length() >= 10 && text.charAt(4) == '-' ? isoDate(text) : null;
    }

    private static @Nullable String isoDate(String text) {
        try {
            return text.length() == 10 ? LocalDate.parse(text).toString() : isoMoment(text);
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static @Nullable String isoMoment(String text) {
        String iso = text.replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toString();
        } catch (DateTimeException withoutOffset) {
            try {
                return java.time.LocalDateTime.parse(iso).toString();
            } catch (DateTimeException none) {
                return null;
            }
        }
    }

    /** The truth value, or null if the text is none. */
    static @Nullable Boolean truth(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return YES.contains(word) ? Boolean.TRUE : NO.contains(word) ? Boolean.FALSE : null;
    }

    /**
     * The number as JSON writes it, or null if the text is none. Of a comma and a point the later
     * one is the decimal mark. A comma alone is one unless exactly three digits follow it; a point
     * alone always is one.
     */
    static @Nullable String number(String text) {
        int comma = text.lastIndexOf(',');
        int point = text.lastIndexOf('.');
        boolean commaIsDecimal =
                comma > point
                        && text.indexOf(',') == comma
                        && (point >= 0 || text.length() - comma != 4);
        String plain =
                commaIsDecimal ? text.replace(".", "").replace(',', '.') : text.replace(",", "");
        if (plain.isEmpty() || plain.length() > 40 || !isGrouped(text, commaIsDecimal)) {
            return null;
        }
        for (int n = 0; n < plain.length(); n++) {
            char c = plain.charAt(n);
            if ((c < '0' || c > '9') && c != '.' && !(n == 0 && (c == '-' || c == '+'))) {
                return null;
            }
        }
        try {
            return new BigDecimal(plain).toPlainString();
        } catch (NumberFormatException none) {
            return null;
        }
    }

    /** Marks between thousands stand three digits apart. */
    private static boolean isGrouped(String text, boolean commaIsDecimal) {
        char mark = commaIsDecimal ? '.' : ',';
        int end = text.indexOf(commaIsDecimal ? ',' : '.');
        String whole = end < 0 ? text : text.substring(0, end);
        if (whole.indexOf(mark) < 0) {
            return true;
        }
        String[] groups = whole.split(mark == '.' ? "\\." : ",", -1);
        for (int n = 1; n < groups.length; n++) {
            if (groups[n].length() != 3) {
                return false;
            }
        }
        return groups[0].length() <= 4 && !groups[0].isEmpty();
    }
}
