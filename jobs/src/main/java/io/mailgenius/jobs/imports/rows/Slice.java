package io.mailgenius.jobs.imports.rows;

import org.jspecify.annotations.Nullable;

/**
 * A part of the file that begins and ends at record boundaries.
 *
 * @param from offset of the first byte
 * @param to offset after the last byte
 * @param line number of the first line, from 1
 * @param fault why the whole slice is one reject, or null if it holds records
 */
public record Slice(long from, long to, long line, @Nullable String fault) {

    /** Its length in bytes; of a faulty record only the beginning is read. */
    public int bytes() {
        long bytes = to - from;
        return fault == null
                ? Math.toIntExact(bytes)
                : (int) Math.min(bytes, RowReader.MAX_RAW * 4L);
    }
}
