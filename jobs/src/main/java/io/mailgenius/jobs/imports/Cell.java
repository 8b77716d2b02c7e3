package io.mailgenius.jobs.imports;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** One value of a record: its bytes without the blanks around them. Reused from value to value. */
final class Cell {

    /** In UTF-8 the first byte of U+0300, before which no character combines. */
    private static final byte FIRST_COMBINING = (byte) 0xCC;

    private byte[] bytes = new byte[0];
    private int from;
    private int to;

    /** As it stands, blanks included. */
    static String text(RecordScanner record, byte[] source, int value) {
        String text =
                new String(
                        source,
                        record.from(value),
                        record.to(value) - record.from(value),
                        StandardCharsets.UTF_8);
        return record.mended(value) ? Dialect.unquoted(text) : text;
    }

    /** Without the blanks around it. */
    void read(RecordScanner record, byte[] source, int value) {
        readAll(record, source, value);
        strip();
    }

    /** As it stands, blanks included. */
    void readAll(RecordScanner record, byte[] source, int value) {
        if (record.mended(value)) {
            bytes = text(record, source, value).getBytes(StandardCharsets.UTF_8);
            from = 0;
            to = bytes.length;
        } else {
            bytes = source;
            from = record.from(value);
            to = record.to(value);
        }
    }

    /** Whether a character that begins with this byte may combine with the one before it. */
    static boolean mayCombine(byte b) {
        return b < 0 && b >= FIRST_COMBINING;
    }

    /** Puts the text into normal form C, if it is not. */
    void compose() {
        for (int n = from; n < to; n++) {
            if (mayCombine(bytes[n])) {
                String text = text();
                if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
                    replace(Normalizer.normalize(text, Normalizer.Form.NFC));
                }
                return;
            }
        }
    }

    void replace(String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
        from = 0;
        to = bytes.length;
    }

    private void strip() {
        while (from < to) {
            int blank = bytes[from] >= 0 ? (bytes[from] <= ' ' ? 1 : 0) : wideBlankAt(from);
            if (blank == 0) {
                break;
            }
            from += blank;
        }
        while (from < to) {
            int blank = bytes[to - 1] >= 0 ? (bytes[to - 1] <= ' ' ? 1 : 0) : wideBlankBefore(to);
            if (blank == 0) {
                break;
            }
            to -= blank;
        }
    }

    private int wideBlankBefore(int end) {
        if (end - from >= 2 && wideBlankAt(end - 2) == 2) {
            return 2;
        }
        return end - from >= 3 && wideBlankAt(end - 3) == 3 ? 3 : 0;
    }

    /** How long the blank is that begins there: what spreadsheets and web pages leave. */
    private int wideBlankAt(int at) {
        int first = bytes[at] & 0xFF;
        if (first == 0xC2) {
            return at + 1 < to && (bytes[at + 1] & 0xFF) == 0xA0 ? 2 : 0;
        }
        if (first != 0xE2 && first != 0xE3 && first != 0xEF || at + 2 >= to) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int third = bytes[at + 2] & 0xFF;
        boolean blank =
                switch (first) {
                    // spaces of all widths, and the one of no width
                    case 0xE2 -> second == 0x80 && (third <= 0x8B || third == 0xAF);
                    case 0xE3 -> second == 0x80 && third == 0x80;
                    default -> second == 0xBB && third == 0xBF;
                };
        return blank ? 3 : 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int size() {
        return to - from;
    }

    String text() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
