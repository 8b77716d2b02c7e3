package io.mailgenius.jobs.imports;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * How the text separates its values.
 *
 * @param linePerRecord a record counts as one line whatever stands in it: so are the rows of a
 *     spreadsheet counted
 */
record Dialect(char delimiter, boolean linePerRecord) {

    static final String DELIMITERS = ",;\t|";
    private static final int LOOKED_AT = 50;

    Dialect(char delimiter) {
        this(delimiter, false);
    }

    /**
     * The delimiter by which most of the first records fall into as many values as the first one;
     * of several, the one that gives most.
     */
    static Dialect of(byte[] head, int start, boolean whole) {
        Dialect best = new Dialect(',');
        long most = 0;
        for (char candidate : DELIMITERS.toCharArray()) {
            Dialect dialect = new Dialect(candidate);
            List<Integer> widths = dialect.widths(head, start, whole);
            if (widths.isEmpty() || widths.getFirst() < 2) {
                continue;
            }
            long alike = widths.stream().filter(widths.getFirst()::equals).count();
            long score = alike * 1_000 / widths.size() * 1_000 + Math.min(999, widths.getFirst());
            if (score > most) {
                most = score;
                best = dialect;
            }
        }
        return best;
    }

    private List<Integer> widths(byte[] head, int start, boolean whole) {
        List<Integer> widths = new ArrayList<>();
        RecordScanner scanner = new RecordScanner(this);
        int at = start;
        while (widths.size() < LOOKED_AT) {
            switch (scanner.next(head, at, head.length, whole)) {
                case RECORD -> {
                    if (!scanner.isEmpty()) {
                        widths.add(scanner.count());
                    }
                }
                case TORN, TOO_LONG -> widths.add(0);
                case MORE, NOTHING -> {
                    return widths;
                }
            }
            at = scanner.end();
        }
        return widths;
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
