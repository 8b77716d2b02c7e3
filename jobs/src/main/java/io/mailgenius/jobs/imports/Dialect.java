package io.mailgenius.jobs.imports;

import org.apache.commons.csv.CSVFormat;

/**
 * How the file separates its values. Quoting is that of RFC 4180: a quote opens a value only where
 * one begins, and is doubled inside.
 */
record Dialect(char delimiter) {

    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    /** The delimiter that the header has most of, outside of quotes. */
    static Dialect of(String header) {
        char best = ',';
        int most = 0;
        for (char candidate : DELIMITERS) {
            int count = 0;
            boolean quoted = false;
            for (int n = 0; n < header.length(); n++) {
                char c = header.charAt(n);
                if (c == '"') {
                    quoted = !quoted;
                } else if (c == candidate && !quoted) {
                    count++;
                }
            }
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return new Dialect(best);
    }

    /** Empty lines come as records of one empty value, so that lines can be counted. */
    CSVFormat format() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .setTrailingData(true)
                .setLenientEof(true)
                .get();
    }
}
