package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.imports.files.FormatToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads number formats such as {@code [$-416]d "de" mmmm;@} (ECMA-376 part 1, 18.8.31), token by
 * token in one pass.
 */
final class FormatCode {

    /** Spreadsheet programs do not write longer ones. */
    private static final int MAX = 255;

    /** Postcodes and identity numbers have more zeros than amounts that are filled up. */
    private static final int MIN_ZEROS = 3;

    private final String code;
    private final List<List<FormatToken>> sections = new ArrayList<>();
    private List<FormatToken> section = new ArrayList<>();

    private FormatCode(String code) {
        this.code = code;
    }

    /** What the format makes of a number. */
    static NumberFormat read(String code) {
        if (code.length() > MAX) {
            return NumberFormat.GENERAL;
        }
        for (List<FormatToken> section : new FormatCode(code).sections()) {
            NumberFormat format = meaning(section);
            if (format != null) {
                return format;
            }
        }
        return NumberFormat.GENERAL;
    }

    /** For positive numbers, negative ones, zero, and texts. */
    private List<List<FormatToken>> sections() {
        sections.add(section);
        int at = 0;
        while (at < code.length()) {
            at = token(at);
        }
        return sections;
    }

    /** Reads one token; where the next one begins. */
    private int token(int at) {
        char c = code.charAt(at);
        switch (c) {
            case ';' -> {
                section = new ArrayList<>();
                sections.add(section);
                return at + 1;
            }
            case '"' -> {
                int end = code.indexOf('"', at + 1);
                return literal(at + 1, end < 0 ? code.length() : end, 1);
            }
            case '\\' -> {
                return literal(at + 1, at + 2, 0);
            }
            // A blank as wide as the next character, and as many of the next as there is room for.
            case '_', '*' -> {
                return at + 2;
            }
            case '[' -> {
                return bracket(at);
            }
            case '0', '#', '?' -> {
                return add(Kind.DIGIT, at, 1);
            }
            case '.', ',', '%', '/' -> {
                return add(Kind.NUMBER, at, 1);
            }
            case '@' -> {
                return add(Kind.TEXT, at, 1);
            }
            default -> {
                return word(at, c);
            }
        }
    }

    private int word(int at, char c) {
        if (startsWith("General", at)) {
            return add(Kind.GENERAL, at, "General".length());
        }
        if (startsWith("AM/PM", at)) {
            return add(Kind.HALF_DAY, at, "AM/PM".length());
        }
        if (startsWith("A/P", at)) {
            return add(Kind.HALF_DAY, at, "A/P".length());
        }
        if (startsWith("E+", at) || startsWith("E-", at)) {
            return add(Kind.NUMBER, at, 2);
        }
        int end = at + 1;
        while (end < code.length() && lower(code.charAt(end)) == lower(c)) {
            end++;
        }
        return switch (lower(c)) {
            // Also years of an emperor, his name, and Buddhist years.
            case 'y', 'e', 'g', 'b' -> add(Kind.YEAR, at, end - at);
            case 'm' -> add(Kind.MONTH_OR_MINUTE, at, end - at);
            case 'd' -> add(Kind.DAY, at, end - at);
            case 'h' -> add(Kind.HOUR, at, end - at);
            case 's' -> add(Kind.SECOND, at, end - at);
            default -> literal(at, at + 1, 0);
        };
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    private boolean startsWith(String word, int at) {
        return code.regionMatches(true, at, word, 0, word.length());
    }

    /** A colour, a condition, a locale, a currency, or the first unit of a length of time. */
    private int bracket(int at) {
        int end = code.indexOf(']', at);
        if (end < 0) {
            return literal(at, code.length(), 0);
        }
        String inside = code.substring(at + 1, end).toLowerCase(Locale.ROOT);
        if (inside.matches("h+|m+|s+")) {
            section.add(new FormatToken(Kind.ELAPSED, inside.substring(0, 1)));
        } else if (inside.startsWith("$") && !inside.startsWith("$-")) {
            section.add(new FormatToken(Kind.CURRENCY, inside));
        }
        return end + 1;
    }

    private int literal(int from, int to, int behind) {
        int end = Math.min(to, code.length());
        if (from < end) {
            section.add(new FormatToken(Kind.LITERAL, code.substring(from, end)));
        }
        return end + behind;
    }

    private int add(Kind kind, int at, int length) {
        section.add(new FormatToken(kind, code.substring(at, at + length)));
        return at + length;
    }

    /** Null if the section does not show the number. */
    private static @Nullable NumberFormat meaning(List<FormatToken> section) {
        NumberFormat moment = moment(section);
        if (moment != null) {
            return moment;
        }
        boolean shows =
                section.stream()
                        .anyMatch(
                                token ->
                                        token.is(Kind.DIGIT)
                                                || token.is(Kind.GENERAL)
                                                || token.is(Kind.TEXT));
        if (!shows) {
            return null;
        }
        return isMask(section) ? NumberFormat.digits(List.copyOf(section)) : NumberFormat.GENERAL;
    }

    /**
     * Null if it is neither a date nor a time: number formats may contain such letters without
     * quotes.
     */
    private static @Nullable NumberFormat moment(List<FormatToken> section) {
        boolean date = false;
        boolean time = false;
        boolean seconds = false;
        boolean fractions = false;
        String elapsed = "";
        for (int n = 0; n < section.size(); n++) {
            FormatToken token = section.get(n);
            switch (token.kind()) {
                case YEAR, DAY -> date = true;
                case MONTH_OR_MINUTE -> {
                    boolean minute = isMinute(section, n);
                    date |= !minute;
                    time |= minute;
                }
                case HOUR, HALF_DAY -> time = true;
                case SECOND -> {
                    time = true;
                    seconds = true;
                }
                case ELAPSED -> {
                    elapsed = elapsed.isEmpty() ? token.text() : elapsed;
                    seconds |= token.text().equals("s");
                }
                case DIGIT -> {
                    if (!token.text().equals("0") || !isFraction(section, n)) {
                        return null;
                    }
                    fractions = true;
                }
                case GENERAL, TEXT, CURRENCY -> {
                    return null;
                }
                case NUMBER, LITERAL -> {}
            }
        }
        if (!date && !time && elapsed.isEmpty()) {
            return null;
        }
        return new NumberFormat(
                date
                        ? NumberFormat.Kind.DATE
                        : elapsed.isEmpty() ? NumberFormat.Kind.TIME : NumberFormat.Kind.ELAPSED,
                elapsed,
                seconds,
                fractions,
                List.of());
    }

    /** Minutes stand behind hours or before seconds, whatever is between them. */
    private static boolean isMinute(List<FormatToken> section, int at) {
        for (int n = at - 1; n >= 0; n--) {
            Kind kind = section.get(n).kind();
            if (kind == Kind.HOUR || kind == Kind.ELAPSED) {
                return true;
            }
            if (isMoment(kind)) {
                break;
            }
        }
        for (int n = at + 1; n < section.size(); n++) {
            Kind kind = section.get(n).kind();
            if (kind == Kind.SECOND || kind == Kind.ELAPSED) {
                return true;
            }
            if (isMoment(kind)) {
                break;
            }
        }
        return false;
    }

    private static boolean isMoment(Kind kind) {
        return switch (kind) {
            case YEAR, MONTH_OR_MINUTE, DAY, HOUR, SECOND, ELAPSED -> true;
            case DIGIT, NUMBER, HALF_DAY, GENERAL, TEXT, CURRENCY, LITERAL -> false;
        };
    }

    /** As in {@code ss.000}. */
    private static boolean isFraction(List<FormatToken> section, int at) {
        int n = at;
        while (n >= 0 && section.get(n).text().equals("0")) {
            n--;
        }
        return n > 0
                && (section.get(n).text().equals(".") || section.get(n).text().equals(","))
                && (section.get(n - 1).is(Kind.SECOND) || section.get(n - 1).is(Kind.ELAPSED));
    }

    /** Whether zeros at the start are shown, and no point, percentage or currency is. */
    private static boolean isMask(List<FormatToken> section) {
        long zeros =
                section.stream()
                        .filter(token -> token.is(Kind.DIGIT) && token.text().equals("0"))
                        .count();
        return zeros >= MIN_ZEROS
                && section.stream()
                        .allMatch(token -> token.is(Kind.DIGIT) || token.is(Kind.LITERAL));
    }
}
