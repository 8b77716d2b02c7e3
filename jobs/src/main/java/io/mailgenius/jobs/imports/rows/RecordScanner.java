package io.mailgenius.jobs.imports.rows;

import java.util.Arrays;

/**
 * Finds the records of delimited text, and the values of each record, in its bytes. Both the
 * manager, which splits a file, and the workers, which read the slices, use this class, so they
 * find the same record boundaries.
 *
 * <p>Quoting is that of RFC 4180: a quote opens a value only where one begins, and is doubled
 * inside. A quote whose value runs over a line break and then closes in the middle of a text
 * belongs to another value: it was never closed. Such a record, and one whose quote is still open
 * at the end, is torn: its first line is a record of its own, and reading goes on behind it as if
 * the quote were not there.
 */
public final class RecordScanner {

    /** A record of more bytes is rejected. */
    public static final int MAX_RECORD = 1 << 20;

    /** After how many bytes a record with an open quote counts as torn. */
    static final int MAX_QUOTED = 16 << 20;

    /** The result of a call of {@link #next}. */
    public enum Found {
        /** A record with its values. */
        RECORD,
        /** A line whose quote is never closed; it has no values. */
        TORN,
        /** A record beyond {@link #MAX_RECORD}; it has no values. */
        TOO_LONG,
        /** The bytes do not contain the end of the record. */
        MORE,
        /** There are no more records. */
        NOTHING
    }

    private final byte delimiter;
    private final boolean linePerRecord;

    private int end;
    private int lines;
    private int count;
    private boolean empty;
    private int[] from = new int[32];
    private int[] to = new int[32];

    /** Values that differ from their bytes: doubled quotes, text behind the closing quote. */
    private boolean[] mended = new boolean[32];

    public RecordScanner(Dialect dialect) {
        this.delimiter = (byte) dialect.delimiter();
        this.linePerRecord = dialect.linePerRecord();
    }

    /**
     * @param start where the record begins
     * @param limit where the bytes end
     * @param last whether nothing comes behind them
     */
    public Found next(byte[] bytes, int start, int limit, boolean last) {
        count = 0;
        lines = 0;
        empty = false;
        if (start >= limit) {
            return last ? Found.NOTHING : Found.MORE;
        }
        // Concatenated files have a byte order mark in front of a later record.
        int at = Blanks.isByteOrderMark(bytes, start, limit) ? start + 3 : start;
        int valueFrom = at;
        boolean valueBegins = true;
        while (at < limit) {
            byte b = bytes[at];
            if (b == '"' && valueBegins) {
                int closed = closing(bytes, at, limit, last);
                if (closed == NEEDS_MORE) {
                    return more(bytes, start, limit, true);
                }
                if (closed == NEVER) {
                    return torn(bytes, start, limit, last);
                }
                at = endOfValue(bytes, closed, limit);
                if (at >= limit && !last) {
                    return more(bytes, start, limit, false);
                }
                addQuoted(bytes, valueFrom, closed, at);
                valueBegins = false;
                if (at < limit && bytes[at] == delimiter) {
                    at++;
                    valueFrom = at;
                    valueBegins = true;
                    continue;
                }
                return ended(bytes, start, at, limit, last);
            }
            if (b == delimiter) {
                add(valueFrom, at, false);
                valueFrom = at + 1;
                valueBegins = true;
            } else if (b == '\n' || b == '\r') {
                add(valueFrom, at, false);
                return ended(bytes, start, at, limit, last);
            } else {
                valueBegins = false;
            }
            at++;
        }
        if (!last) {
            return more(bytes, start, limit, false);
        }
        add(valueFrom, limit, false);
        return ended(bytes, start, limit, limit, true);
    }

    private static final int NEVER = -1;
    private static final int NEEDS_MORE = -2;

    /** Where the quote closes, counting the line breaks on the way. */
    private int closing(byte[] bytes, int quote, int limit, boolean last) {
        int breaks = 0;
        for (int at = quote + 1; at < limit; at++) {
            byte b = bytes[at];
            if (b == '"') {
                if (at + 1 >= limit) {
                    if (!last) {
                        return NEEDS_MORE;
                    }
                } else if (bytes[at + 1] == '"') {
                    at++;
                    continue;
                }
                if (breaks > 0 && !closesAValue(bytes, at + 1, limit)) {
                    return NEVER;
                }
                lines += breaks;
                return at;
            }
            if (b == '\n' || b == '\r' && (at + 1 >= limit || bytes[at + 1] != '\n')) {
                breaks++;
            }
        }
        return last ? NEVER : NEEDS_MORE;
    }

    private boolean closesAValue(byte[] bytes, int behind, int limit) {
        int at = behind;
        while (at < limit && bytes[at] == ' ') {
            at++;
        }
        return at >= limit || bytes[at] == delimiter || bytes[at] == '\n' || bytes[at] == '\r';
    }

    private int endOfValue(byte[] bytes, int closed, int limit) {
        int at = closed + 1;
        while (at < limit && bytes[at] != delimiter && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private void addQuoted(byte[] bytes, int quote, int closed, int endOfValue) {
        boolean plain = endOfValue == closed + 1;
        for (int at = quote + 1; plain && at < closed; at++) {
            plain = bytes[at] != '"';
        }
        if (plain) {
            add(quote + 1, closed, false);
        } else {
            add(quote, endOfValue, true);
        }
    }

    private void add(int valueFrom, int valueTo, boolean isMended) {
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
            mended = Arrays.copyOf(mended, 2 * count);
        }
        from[count] = valueFrom;
        to[count] = valueTo;
        mended[count] = isMended;
        count++;
    }

    /**
     * @param at the line break, or the limit
     */
    private Found ended(byte[] bytes, int start, int at, int limit, boolean last) {
        if (at < limit && bytes[at] == '\r' && at + 1 >= limit && !last) {
            return Found.MORE;
        }
        end = afterBreak(bytes, at, limit);
        lines = linePerRecord ? 1 : lines + (at < limit ? 1 : 0);
        empty = count == 1 && !mended[0] && isBlank(bytes, from[0], to[0]);
        if (end - start > MAX_RECORD) {
            count = 0;
            return Found.TOO_LONG;
        }
        return Found.RECORD;
    }

    private Found more(byte[] bytes, int start, int limit, boolean quoted) {
        if (limit - start <= MAX_QUOTED) {
            return Found.MORE;
        }
        if (quoted) {
            return torn(bytes, start, limit, false);
        }
        // A line without end: the caller skips to where it stops.
        count = 0;
        end = limit;
        lines = 0;
        return Found.TOO_LONG;
    }

    /** The end lies behind the limit when the line does not end before. */
    private Found torn(byte[] bytes, int start, int limit, boolean last) {
        int at = start;
        while (at < limit && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        if (at + 1 >= limit && !last && limit - start <= MAX_QUOTED) {
            return Found.MORE;
        }
        count = 0;
        end = afterBreak(bytes, at, limit);
        lines = at < limit || linePerRecord ? 1 : 0;
        return end - start > MAX_RECORD ? Found.TOO_LONG : Found.TORN;
    }

    private static int afterBreak(byte[] bytes, int at, int limit) {
        if (at >= limit) {
            return limit;
        }
        return bytes[at] == '\r' && at + 1 < limit && bytes[at + 1] == '\n' ? at + 2 : at + 1;
    }

    /** Offset behind the record and its line break. */
    public int end() {
        return end;
    }

    /** How many lines it took: 0 for a last line that has no end. */
    int lines() {
        return lines;
    }

    /** How many values it has. */
    public int count() {
        return count;
    }

    int from(int value) {
        return from[value];
    }

    int to(int value) {
        return to[value];
    }

    /** Whether the value's quotes have to be taken away first, see {@link Dialect#unquoted}. */
    boolean mended(int value) {
        return mended[value];
    }

    /** An empty line, or one of blanks only: it is not counted. */
    public boolean isEmpty() {
        return empty;
    }

    /** Whether a value is empty or consists of blanks. */
    boolean isBlank(byte[] bytes, int value) {
        return !mended[value] && isBlank(bytes, from[value], to[value]);
    }

    /** A NUL is not a blank: its row is rejected. */
    private static boolean isBlank(byte[] bytes, int valueFrom, int valueTo) {
        if (Blanks.skip(bytes, valueFrom, valueTo) < valueTo) {
            return false;
        }
        for (int n = valueFrom; n < valueTo; n++) {
            if (bytes[n] == 0) {
                return false;
            }
        }
        return true;
    }

    /** Adds the empty values that are missing at the end of a row. */
    void fillUp(int values) {
        while (count < values) {
            add(end, end, false);
        }
    }
}
