package io.mailgenius.jobs.imports;

/**
 * Values in PostgreSQL's text format of COPY, and JSON inside of it: every backslash that JSON
 * wants is doubled for COPY.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, text format</a>
 */
final class CopyText {

    private static final int MAX_DIGITS = 15;

    private CopyText() {}

    static void valueOrNull(StringBuilder out, String value) {
        if (value.isEmpty()) {
            out.append("\\N");
        } else {
            value(out, value);
        }
    }

    static void value(StringBuilder out, String value) {
        for (int n = 0; n < value.length(); n++) {
            char c = value.charAt(n);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
    }

    /** A number or a truth value where the text is one beyond doubt, otherwise a string. */
    static void jsonValue(StringBuilder out, String value) {
        if (value.equals("true") || value.equals("false") || isPlainNumber(value)) {
            out.append(value);
        } else {
            json(out, value);
        }
    }

    /** No leading zeros, signs or exponents: a postcode or a phone number stays a text. */
    static boolean isPlainNumber(String value) {
        int start = value.startsWith("-") ? 1 : 0;
        int digits = value.length() - start;
        if (digits == 0 || digits > MAX_DIGITS) {
            return false;
        }
        int point = -1;
        for (int n = start; n < value.length(); n++) {
            char c = value.charAt(n);
            if (c == '.') {
                if (point >= 0 || n == start || n == value.length() - 1) {
                    return false;
                }
                point = n;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        int whole = (point < 0 ? value.length() : point) - start;
        return whole == 1 || value.charAt(start) != '0';
    }

    static void json(StringBuilder out, String text) {
        out.append('"');
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            switch (c) {
                case '"' -> out.append("\\\\\"");
                case '\\' -> out.append("\\\\\\\\");
                case '\n' -> out.append("\\\\n");
                case '\r' -> out.append("\\\\r");
                case '\t' -> out.append("\\\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
