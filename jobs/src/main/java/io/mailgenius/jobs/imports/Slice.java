package io.mailgenius.jobs.imports;

/**
 * A piece of the file that begins and ends at record boundaries.
 *
 * @param from offset of the first byte
 * @param to offset after the last byte
 * @param line number of the first line, from 1
 * @param torn the slice is one line whose quote is never closed: a reject
 */
record Slice(long from, long to, long line, boolean torn) {}
