package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.imports.columns.ColumnMapping;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.RecordScanner.Found;
import io.mailgenius.jobs.imports.rows.TableStart.Line;
import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the beginning of a text shows: its dialect, its columns, and where the rows begin.
 *
 * @param header whether a record names the columns
 * @param names cleaned, and none of them twice; empty where a column has none
 * @param dataFrom offset of the first row
 * @param dataLine number of its line
 * @param passedOver numbers of the non-empty lines before the header, or before the first row
 */
public record FileHead(
        Dialect dialect,
        boolean header,
        List<String> names,
        int dataFrom,
        long dataLine,
        List<Long> passedOver) {

    /** How many bytes of a file are examined when it arrives. */
    public static final int HEAD = 512 * 1024;

    static final int MAX_HEADER = 256 * 1024;

    /** A byte order mark that was read as Windows-1252 and written as UTF-8. */
    private static final byte[] MISREAD_MARK =
            "\u00EF\u00BB\u00BF".getBytes(StandardCharsets.UTF_8);

    /** Excel's line that states the delimiter; some programs quote it, others add empty cells. */
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("\"?sep=([,;\t|])\"?[,;\t| ]*", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_SEPARATOR_LINE = 200;

    /**
     * @param head in UTF-8
     * @param whole whether that is all
     * @throws Refusal.Invalid if there are no rows, or the header cannot be read
     */
    public static FileHead of(
            byte[] head, boolean whole, boolean linePerRecord, ImportOptions options) {
        int start = behindMarks(head, 0);
        long line = 1;
        Character told = null;
        int lineEnd = endOfLine(head, start);
        Matcher separator = SEPARATOR_LINE.matcher(text(head, start, lineEnd));
        if (lineEnd < head.length && separator.matches()) {
            told = separator.group(1).charAt(0);
            start = behindMarks(head, behindBreak(head, lineEnd));
            line++;
        }
        TableStart table = null;
        for (char delimiter : delimiters(options.delimiter(), told).toCharArray()) {
            Dialect dialect = new Dialect(delimiter, linePerRecord);
            TableStart next = TableStart.of(dialect, head, start, line, whole, options);
            if (table == null || next.likelihood() > table.likelihood()) {
                table = next;
            }
        }
        return of(Objects.requireNonNull(table), head, start, whole);
    }

    private static FileHead of(TableStart table, byte[] head, int start, boolean whole) {
        if (table.lines().isEmpty()) {
            requireRecord(table.dialect(), head, start, whole);
        }
        Line first = table.lines().get(table.first());
        List<Line> before = table.lines().subList(0, table.first());
        if (first.torn() || !table.named() && before.stream().anyMatch(Line::torn)) {
            throw unreadable("A quote in the first line is never closed.");
        }
        List<Long> passedOver =
                before.stream()
                        .filter(line -> line.torn() || line.width() > 0)
                        .map(Line::number)
                        .toList();
        if (!table.named()) {
            return new FileHead(
                    table.dialect(),
                    false,
                    numbered(table),
                    first.from(),
                    first.number(),
                    passedOver);
        }
        requireReadable(head, first);
        requireRows(table.dialect(), head, first.to(), whole);
        Header.requireFewColumns(first.values().size());
        List<String> values = new ArrayList<>(first.values());
        if (first.isComment()) {
            values.set(0, values.getFirst().replaceFirst("^#+\\s*", ""));
        }
        return new FileHead(
                table.dialect(),
                true,
                names(table.dialect(), head, first, values),
                first.to(),
                first.number() + first.lines(),
                passedOver);
    }

    /** In words. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!passedOver.isEmpty()) {
            boolean one = passedOver.size() == 1;
            warnings.add(
                    "%s %s %s before the %s and %s passed over."
                            .formatted(
                                    one ? "Line" : "Lines",
                                    passedOver.stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(", ")),
                                    one ? "stands" : "stand",
                                    header ? "names of the columns" : "first row",
                                    one ? "is" : "are"));
        }
        if (!header) {
            warnings.add("No line names the columns: the first one has an address already.");
        }
        return warnings;
    }

    private static int behindMarks(byte[] head, int start) {
        int at = start;
        while (true) {
            if (Blanks.isByteOrderMark(head, at, head.length)) {
                at += 3;
            } else if (at + MISREAD_MARK.length <= head.length
                    && Arrays.equals(
                            head,
                            at,
                            at + MISREAD_MARK.length,
                            MISREAD_MARK,
                            0,
                            MISREAD_MARK.length)) {
                at += MISREAD_MARK.length;
            } else {
                return at;
            }
        }
    }

    private static int endOfLine(byte[] head, int start) {
        int at = start;
        while (at < head.length && head[at] != '\n' && head[at] != '\r') {
            at++;
        }
        return at;
    }

    private static int behindBreak(byte[] head, int at) {
        return head[at] == '\r' && at + 1 < head.length && head[at + 1] == '\n' ? at + 2 : at + 1;
    }

    private static String text(byte[] head, int from, int to) {
        int length = Math.min(to - from, LONGEST_SEPARATOR_LINE);
        return new String(head, from, length, StandardCharsets.ISO_8859_1);
    }

    /** The candidates. */
    private static String delimiters(@Nullable String asked, @Nullable Character told) {
        if (asked != null) {
            String delimiter = asked.equalsIgnoreCase("tab") ? "\t" : asked;
            if (delimiter.length() != 1 || Dialect.DELIMITERS.indexOf(delimiter.charAt(0)) < 0) {
                throw new Refusal.Invalid(
                        "import-unknown-delimiter",
                        "The delimiter is \"%s\"; it may be a comma, a semicolon, a tab or a bar."
                                .formatted(asked));
            }
            return delimiter;
        }
        return told != null ? told.toString() : Dialect.DELIMITERS;
    }

    /** Those of our own export are what they are. */
    private static List<String> names(
            Dialect dialect, byte[] head, Line header, List<String> values) {
        RecordScanner scanner = new RecordScanner(dialect);
        scanner.next(head, header.from(), header.to(), true);
        List<String> written = Dialect.values(scanner, head);
        return ExportText.isExport(written) ? written : ColumnMapping.names(values);
    }

    private static void requireRecord(Dialect dialect, byte[] head, int start, boolean whole) {
        RecordScanner scanner = new RecordScanner(dialect);
        int at = start;
        Found found = scanner.next(head, at, head.length, whole);
        while (found == Found.RECORD) {
            at = scanner.end();
            found = scanner.next(head, at, head.length, whole);
        }
        throw found == Found.NOTHING
                ? new Refusal.Invalid(
                        "import-is-empty", "The file is empty: it needs a header line and rows.")
                : tooLong();
    }

    private static void requireRows(Dialect dialect, byte[] head, int from, boolean whole) {
        RecordScanner scanner = new RecordScanner(dialect);
        int at = from;
        while (true) {
            Found found = scanner.next(head, at, head.length, whole);
            if (found == Found.NOTHING) {
                throw new Refusal.Invalid(
                        "import-has-no-rows", "The file has a header and no rows after it.");
            }
            if (found != Found.RECORD || !scanner.isEmpty()) {
                return;
            }
            at = scanner.end();
        }
    }

    private static void requireReadable(byte[] head, Line header) {
        if (header.to() - header.from() > MAX_HEADER) {
            throw tooLong();
        }
        for (int n = header.from(); n < header.to(); n++) {
            if (head[n] == 0) {
                throw unreadable(
                        "The first line contains a NUL character: save the file as CSV in UTF-8.");
            }
        }
        if (!Utf8.is(head, header.from(), header.to())) {
            throw new Refusal.Invalid(
                    "import-is-not-utf-8",
                    "The first line is not UTF-8 text, though other lines are: save the file as CSV in UTF-8, or name its encoding.");
        }
    }

    private static Refusal tooLong() {
        return unreadable("The first line is longer than 256 KiB: this is not a CSV file.");
    }

    private static Refusal unreadable(String message) {
        return new Refusal.Invalid("import-header-unreadable", message);
    }

    /**
     * As many as the widest row has; the first one with an address gets the name of the address
     * field.
     */
    private static List<String> numbered(TableStart table) {
        List<Line> rows = table.lines().subList(table.first(), table.lines().size());
        List<String> first = rows.getFirst().values();
        int width = rows.stream().mapToInt(Line::width).max().orElse(1);
        width = Math.max(1, Math.max(width, first.size()));
        Header.requireFewColumns(width);
        List<String> names = new ArrayList<>();
        boolean found = false;
        for (int n = 0; n < width; n++) {
            boolean address = !found && n < first.size() && ColumnMapping.isAddress(first.get(n));
            names.add(address ? "email" : "column" + (n + 1));
            found |= address;
        }
        return names;
    }
}
