package io.mailgenius.jobs.imports.rows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * How the text separates and quotes its values.
 *
 * @param linePerRecord whether a record counts as one line even if it contains line breaks, as the
 *     rows of a spreadsheet do
 */
public record Dialect(char delimiter, boolean linePerRecord) {

    static final String DELIMITERS = ",;\t|";

    public Dialect(char delimiter) {
        this(delimiter, false);
    }

    /** The values of the record that the scanner has just found. */
    static List<String> values(RecordScanner record, byte[] bytes) {
        List<String> values = new ArrayList<>(record.count());
        for (int n = 0; n < record.count(); n++) {
            String text =
                    new String(
                            bytes,
                            record.from(n),
                            record.to(n) - record.from(n),
                            StandardCharsets.UTF_8);
            values.add(record.mended(n) ? unquoted(text) : text);
        }
        return values;
    }

    /** Without the quote at the start and the one that closes it; doubled ones stand for one. */
    static String unquoted(String quoted) {
        StringBuilder text = new StringBuilder(quoted.length());
        int at = 1;
        while (at < quoted.length()) {
            char c = quoted.charAt(at);
            if (c == '"') {
                if (at + 1 < quoted.length() && quoted.charAt(at + 1) == '"') {
                    at++;
                } else {
                    return text.append(quoted, at + 1, quoted.length()).toString();
                }
            }
            text.append(c);
            at++;
        }
        return text.toString();
    }

    /** For writing. */
    CSVFormat format() {
        return CSVFormat.RFC4180.builder().setDelimiter(delimiter).get();
    }
}
