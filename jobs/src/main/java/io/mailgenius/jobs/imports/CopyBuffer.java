package io.mailgenius.jobs.imports;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Rows in PostgreSQL's text format of COPY, and JSON inside of it: every backslash that JSON wants
 * is doubled for COPY. From bytes to bytes, since a million rows a few seconds leave no time for
 * texts in between.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, text format</a>
 */
final class CopyBuffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 15;

    private byte[] bytes;
    private int length;

    CopyBuffer(int expected) {
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

    /** An ASCII text as a value of a column; whatever it has in it, it ends neither column nor row. */
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

    /** A number or a truth value where the text is one beyond doubt, otherwise a string. */
    void jsonGuessed(byte[] source, int from, int to) {
        if (isPlainNumber(source, from, to) || isTruth(source, from, to)) {
            raw(source, from, to);
        } else {
            json(source, from, to);
        }
    }

    /** As it stands: for what is known to need no escape. */
    void raw(byte[] source, int from, int to) {
        room(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    private static boolean isTruth(byte[] source, int from, int to) {
        return to - from == 4 && source[from] == 't' && is("true", source, from)
                || to - from == 5 && source[from] == 'f' && is("false", source, from);
    }

    private static boolean is(String word, byte[] source, int from) {
        for (int n = 0; n < word.length(); n++) {
            if (source[from + n] != word.charAt(n)) {
                return false;
            }
        }
        return true;
    }

    /** No leading zeros, signs or exponents: a postcode or a phone number stays a text. */
    static boolean isPlainNumber(byte[] source, int from, int to) {
        int start = to > from && source[from] == '-' ? from + 1 : from;
        int digits = to - start;
        if (digits == 0 || digits > MAX_DIGITS) {
            return false;
        }
        int point = -1;
        for (int n = start; n < to; n++) {
            byte c = source[n];
            if (c == '.') {
                if (point >= 0 || n == start || n == to - 1) {
                    return false;
                }
                point = n;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        int whole = (point < 0 ? to : point) - start;
        return whole == 1 || source[start] != '0';
    }

    int length() {
        return length;
    }

    /** Takes back what was written behind the mark. */
    void backTo(int mark) {
        length = mark;
    }

    byte[] bytes() {
        return bytes;
    }
}
