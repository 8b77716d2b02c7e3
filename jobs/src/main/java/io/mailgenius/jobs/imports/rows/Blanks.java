package io.mailgenius.jobs.imports.rows;

/** Finds the blanks of UTF-8 text that spreadsheets, editors and web pages leave around a value. */
final class Blanks {

    private Blanks() {}

    /** Offset of the first byte that is no blank, or {@code to}. */
    static int skip(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = bytes[at] >= 0 ? (bytes[at] <= ' ' ? 1 : 0) : wideAt(bytes, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return at;
    }

    /** Offset behind the last byte that is no blank, or {@code from}. */
    static int skipBack(byte[] bytes, int from, int to) {
        int end = to;
        while (from < end) {
            byte last = bytes[end - 1];
            int length = last >= 0 ? (last <= ' ' ? 1 : 0) : wideBefore(bytes, from, end);
            if (length == 0) {
                return end;
            }
            end -= length;
        }
        return end;
    }

    private static int wideBefore(byte[] bytes, int from, int end) {
        if (end - from >= 2 && wideAt(bytes, end - 2, end) == 2) {
            return 2;
        }
        return end - from >= 3 && wideAt(bytes, end - 3, end) == 3 ? 3 : 0;
    }

    /** How many bytes the blank has that begins there, or 0. */
    private static int wideAt(byte[] bytes, int at, int to) {
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
                    // U+2000 to U+200F, U+202F; U+205F and U+2060
                    case 0xE2 ->
                            second == 0x80 && (third >= 0x80 && third <= 0x8F || third == 0xAF)
                                    || second == 0x81 && (third == 0x9F || third == 0xA0);
                    case 0xE3 -> second == 0x80 && third == 0x80;
                    default -> isByteOrderMark(bytes, at, to);
                };
        return blank ? 3 : 0;
    }

    /** U+FEFF, the byte order mark. */
    static boolean isByteOrderMark(byte[] bytes, int at, int to) {
        return at + 2 < to
                && bytes[at] == (byte) 0xEF
                && bytes[at + 1] == (byte) 0xBB
                && bytes[at + 2] == (byte) 0xBF;
    }
}
