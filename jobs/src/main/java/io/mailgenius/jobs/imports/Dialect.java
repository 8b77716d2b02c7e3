package io.mailgenius.jobs.imports;

import org.apache.commons.csv.CSVFormat;

/**
 * How the file separates its values. Quoting is that of RFC 4180: a quote opens a value only where
 * one begins, and is doubled inside.
 */
record Dialect(char delimiter) {

    private static final String DELIMITERS = ",;\t|";

    static boolean mayDelimit(char c) {
        return DELIMITERS.indexOf(c) >= 0;
    }

    /** The delimiter that the header has most of, outside of quotes. */
    static Dialect of(String header) {
        char best = ',';
        int most = 0;
        for (char candidate : DELIMITERS.toCharArray()) {
            int count = 0;
            boolean quoted = false;
            boolean valueBegins = true;
            for (int n = 0; n < header.length(); n++) {
                char c = header.charAt(n);
                if (c == '"' && (quoted || valueBegins)) {
                    // A doubled one closes and opens again.
                    quoted = !quoted;
                    valueBegins = !quoted;
                } else if (!quoted) {
                    count += c == candidate ? 1 : 0;
                    valueBegins = mayDelimit(c);
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
