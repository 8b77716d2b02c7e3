package io.mailgenius.jobs.imports.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes rows in PostgreSQL's text format for COPY, with JSON in it: COPY needs each backslash of
 * JSON doubled. It copies bytes to bytes, because creating a string per value would take longer
 * than the rest of reading a row.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, text format</a>
 */
public final class CopyBuffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 15;

    private byte[] bytes;
    private int length;

    public CopyBuffer(int expected) {
        bytes = new byte[Math.max(64, expected)];
    }

    private void room(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    void put(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
    }

    void ascii(String text) {
        int count = text.length();
        room(count);
        for (int n = 0; n < count; n++) {
            bytes[length++] = (byte) text.charAt(n);
        }
    }

    /** An ASCII text as a value of a column, escaped so that it ends neither column nor row. */
    void asciiValue(String text) {
        int count = text.length();
        room(2 * count);
        byte[] out = bytes;
        int at = length;
        for (int n = 0; n < count; n++) {
            at = escaped(out, at, (byte) text.charAt(n));
        }
        length = at;
    }

    void number(long value) {
        ascii(Long.toString(value));
    }

    void nothing() {
        room(2);
        bytes[length++] = '\\';
        bytes[length++] = 'N';
    }

    /** A value of a column. */
    void value(byte[] source, int from, int to) {
        room(2 * (to - from));
        byte[] out = bytes;
        int at = length;
        for (int n = from; n < to; n++) {
            at = escaped(out, at, source[n]);
        }
        length = at;
    }

    private static int escaped(byte[] out, int at, byte b) {
        if (b >= ' ' && b != '\\' || b < 0) {
            out[at] = b;
            return at + 1;
        }
        return switch (b) {
            case '\\' -> pair(out, at, '\\');
            case '\n' -> pair(out, at, 'n');
            case '\r' -> pair(out, at, 'r');
            case '\t' -> pair(out, at, 't');
            default -> {
                out[at] = b;
                yield at + 1;
            }
        };
    }

    private static int pair(byte[] out, int at, char second) {
        out[at] = '\\';
        out[at + 1] = (byte) second;
        return at + 2;
    }

    /** A text as JSON within a column. */
    void json(byte[] source, int from, int to) {
        room(7 * (to - from) + 2);
        byte[] out = bytes;
        int at = length;
        out[at++] = '"';
        for (int n = from; n < to; n++) {
            byte b = source[n];
            if (b >= ' ' && b != '\\' && b != '"' || b < 0) {
                out[at++] = b;
                continue;
            }
            out[at++] = '\\';
            switch (b) {
                case '"' -> at = pair(out, at, '"');
                case '\\' -> {
                    at = pair(out, at, '\\');
                    out[at++] = '\\';
                }
                case '\n' -> at = pair(out, at, 'n');
                case '\r' -> at = pair(out, at, 'r');
                case '\t' -> at = pair(out, at, 't');
                default -> {
                    at = pair(out, at, 'u');
                    out[at++] = '0';
                    out[at++] = '0';
                    out[at++] = HEX[b >> 4];
                    out[at++] = HEX[b & 15];
                }
            }
        }
        out[at++] = '"';
        length = at;
    }

    void json(String text) {
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        json(source, 0, source.length);
    }

    /** A text that is JSON already, as a value of a column. */
    void jsonValue(String json) {
        byte[] source = json.getBytes(StandardCharsets.UTF_8);
        value(source, 0, source.length);
    }

    /**
     * A number or a boolean where the text is unambiguously one, otherwise a string.
     *
     * @param pointIsDecimal whether {@code 1.250} is known to have a fraction
     */
    void jsonGuessed(byte[] source, int from, int to, boolean pointIsDecimal) {
        if (isPlainNumber(source, from, to, pointIsDecimal)) {
            raw(source, from, to);
        } else if (isWord("true", source, from, to)) {
            ascii("true");
        } else if (isWord("false", source, from, to)) {
            ascii("false");
        } else {
            json(source, from, to);
        }
    }

    /** Without escaping: for bytes that need none. */
    void raw(byte[] source, int from, int to) {
        room(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    /** Case-insensitive, because spreadsheets write booleans in capitals. */
    private static boolean isWord(String word, byte[] source, int from, int to) {
        if (to - from != word.length()) {
            return false;
        }
        for (int n = 0; n < word.length(); n++) {
            if ((source[from + n] | 0x20) != word.charAt(n)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the text is a JSON number that is shown as it was typed: without leading zeros, plus
     * signs, exponents or a negative zero. A postcode or a phone number stays a text.
     *
     * @param pointIsDecimal whether a point with three digits behind it is known to stand before a
     *     fraction, and not between thousands
     */
    static boolean isPlainNumber(byte[] source, int from, int to, boolean pointIsDecimal) {
        int start = to > from && source[from] == '-' ? from + 1 : from;
        int digits = to - start;
        if (digits == 0 || digits > MAX_DIGITS) {
            return false;
        }
        int point = -1;
        int sum = 0;
        for (int n = start; n < to; n++) {
            byte c = source[n];
            if (c == '.') {
                if (point >= 0 || n == start || n == to - 1) {
                    return false;
                }
                point = n;
            } else if (c < '0' || c > '9') {
                return false;
            } else {
                sum += c - '0';
            }
        }
        int whole = (point < 0 ? to : point) - start;
        if (source[start] == '0') {
            return whole == 1 && (sum > 0 || start == from);
        }
        return pointIsDecimal || point < 0 || to - point != 4 || whole > 3;
    }

    int length() {
        return length;
    }

    /** Discards the bytes behind the mark. */
    void backTo(int mark) {
        length = mark;
    }

    byte[] bytes() {
        return bytes;
    }
}
