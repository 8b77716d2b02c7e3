package io.mailgenius.jobs.imports.rows;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** One value of a record: its bytes without the blanks around them. Reused from value to value. */
public final class Cell {

    /** The first UTF-8 byte of U+0300, the lowest combining character. */
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
    public void read(RecordScanner record, byte[] source, int value) {
        readAll(record, source, value);
        from = Blanks.skip(bytes, from, to);
        to = Blanks.skipBack(bytes, from, to);
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

    /** Converts the text to normal form C if it is not in it. */
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

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    public int size() {
        return to - from;
    }

    public String text() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
