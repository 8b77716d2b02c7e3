package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.contacts.ComposedText;
import io.mailgenius.jobs.contacts.EmailAddress;
import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.imports.RecordScanner.Found;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the beginning of a text tells: its dialect, its columns, and where the rows begin.
 *
 * @param header whether the first record named the columns
 * @param dataFrom offset of the first row
 * @param dataLine number of its line
 */
record Opening(Dialect dialect, boolean header, List<String> names, int dataFrom, long dataLine) {

    /** So much of a file is looked at before it is taken. */
    static final int HEAD = 512 * 1024;

    private static final int MAX_HEADER = 256 * 1024;
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /**
     * @param head in UTF-8
     * @param whole whether that is all
     * @throws Refusal.Invalid if there are no rows, or the first record cannot be read
     */
    static Opening of(byte[] head, boolean whole, boolean linePerRecord, ImportOptions options) {
        int start = startsWithBom(head) ? BOM.length : 0;
        long line = 1;
        Character told = null;
        int afterSep = afterSeparatorLine(head, start);
        if (afterSep > 0) {
            told = (char) head[start + 4];
            start = afterSep;
            line++;
        }
        Dialect found = dialect(options.delimiter(), told, head, start, whole);
        Dialect dialect = new Dialect(found.delimiter(), linePerRecord);
        RecordScanner scanner = new RecordScanner(dialect);
        int at = start;
        Found first = scanner.next(head, at, head.length, whole);
        while (first == Found.RECORD && scanner.isEmpty()) {
            at = scanner.end();
            line += scanner.lines();
            first = scanner.next(head, at, head.length, whole);
        }
        requireReadable(first, head, at, scanner);
        List<String> raw = Dialect.values(scanner, head);
        boolean exported = ExportText.isExport(raw);
        List<String> values =
                exported ? raw : raw.stream().map(String::strip).map(ComposedText::of).toList();
        boolean named =
                options.header() == null ? exported || !hasAddress(values) : options.header();
        if (!named) {
            return new Opening(dialect, false, numbered(values), at, line);
        }
        if (whole && scanner.end() >= head.length) {
            throw new Refusal.Invalid(
                    "import-has-no-rows", "The file has a header and no rows after it.");
        }
        return new Opening(dialect, true, values, scanner.end(), line + scanner.lines());
    }

    private static boolean startsWithBom(byte[] head) {
        return head.length >= BOM.length
                && head[0] == BOM[0]
                && head[1] == BOM[1]
                && head[2] == BOM[2];
    }

    /** Excel's own way to say what separates; the offset behind it, or 0. */
    private static int afterSeparatorLine(byte[] head, int start) {
        if (head.length < start + 6
                || !new String(head, start, 4, java.nio.charset.StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT)
                        .equals("sep=")) {
            return 0;
        }
        int at = start + 5;
        if (Dialect.DELIMITERS.indexOf(head[start + 4]) < 0
                || head[at] != '\r' && head[at] != '\n') {
            return 0;
        }
        return head[at] == '\r' && at + 1 < head.length && head[at + 1] == '\n' ? at + 2 : at + 1;
    }

    private static Dialect dialect(
            @Nullable String asked,
            @Nullable Character told,
            byte[] head,
            int start,
            boolean whole) {
        if (asked != null) {
            String delimiter = asked.equalsIgnoreCase("tab") ? "\t" : asked;
            if (delimiter.length() != 1 || Dialect.DELIMITERS.indexOf(delimiter.charAt(0)) < 0) {
                throw new Refusal.Invalid(
                        "import-unknown-delimiter",
                        "The delimiter is \"%s\"; it may be a comma, a semicolon, a tab or a bar."
                                .formatted(asked));
            }
            return new Dialect(delimiter.charAt(0));
        }
        return told != null ? new Dialect(told) : Dialect.of(head, start, whole);
    }

    private static void requireReadable(Found first, byte[] head, int at, RecordScanner scanner) {
        switch (first) {
            case NOTHING ->
                    throw new Refusal.Invalid(
                            "import-is-empty",
                            "The file is empty: it needs a header line and rows.");
            case TORN -> throw unreadable("A quote in the first line is never closed.");
            case TOO_LONG, MORE -> throw tooLong();
            case RECORD -> {
                if (scanner.end() - at > MAX_HEADER) {
                    throw tooLong();
                }
                for (int n = at; n < scanner.end(); n++) {
                    if (head[n] == 0) {
                        throw unreadable(
                                "The first line contains a NUL character: save the file as CSV in UTF-8.");
                    }
                }
                if (!Utf8.is(head, at, scanner.end())) {
                    throw new Refusal.Invalid(
                            "import-is-not-utf-8",
                            "The first line is not UTF-8 text, though other lines are: save the file as CSV in UTF-8, or name its encoding.");
                }
            }
        }
    }

    private static Refusal tooLong() {
        return unreadable("The first line is longer than 256 KiB: this is not a CSV file.");
    }

    private static Refusal unreadable(String message) {
        return new Refusal.Invalid("import-header-unreadable", message);
    }

    private static boolean hasAddress(List<String> values) {
        return values.stream().anyMatch(value -> EmailAddress.parse(value) instanceof EmailAddress);
    }

    /** The column of the first address is named for what it is. */
    private static List<String> numbered(List<String> values) {
        List<String> names = new ArrayList<>();
        boolean found = false;
        for (int n = 0; n < values.size(); n++) {
            boolean address = !found && EmailAddress.parse(values.get(n)) instanceof EmailAddress;
            names.add(address ? "email" : "column" + (n + 1));
            found |= address;
        }
        return names;
    }
}
