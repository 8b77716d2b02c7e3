package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.imports.columns.ColumnMapping;
import io.mailgenius.jobs.imports.columns.ColumnName;
import io.mailgenius.jobs.imports.columns.ContactField;
import io.mailgenius.jobs.imports.columns.FieldNames;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.RecordScanner.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds, for one delimiter, where the table of a text begins: which record is the header, and which
 * records before it are no rows (a title, notes, comments).
 *
 * @param lines the first records that are not empty
 * @param first index of the record that names the columns or, where none does, of the first row
 * @param named whether that record names the columns
 */
record TableStart(Dialect dialect, List<Line> lines, int first, boolean named) {

    /** How many records are examined; a title with notes is far shorter. */
    private static final int LOOKED_AT = 100;

    /** How many values of a record are examined; no header has as many. */
    private static final int VALUES = Header.MAX_COLUMNS + 1;

    /**
     * A record at the beginning of a text.
     *
     * @param number of its first line
     * @param hasAddress whether a value is an address
     * @param values cleaned as {@link ColumnName} does it; none of a line that is torn
     */
    record Line(
            int from,
            int to,
            long number,
            int lines,
            boolean torn,
            boolean hasAddress,
            List<String> values) {

        static Line of(RecordScanner record, byte[] head, int from, long number) {
            List<String> values = new ArrayList<>();
            for (int n = 0; n < Math.min(VALUES, record.count()); n++) {
                values.add(ColumnName.of(Cell.text(record, head, n)));
            }
            boolean address = values.stream().anyMatch(ColumnMapping::isAddress);
            return new Line(from, record.end(), number, record.lines(), false, address, values);
        }

        static Line torn(RecordScanner record, int from, long number) {
            return new Line(from, record.end(), number, record.lines(), true, false, List.of());
        }

        /** How many values are before the empty ones at the end. */
        int width() {
            int width = values.size();
            while (width > 0 && values.get(width - 1).isEmpty()) {
                width--;
            }
            return width;
        }

        long filled() {
            return values.stream().filter(value -> !value.isEmpty()).count();
        }

        boolean isComment() {
            return !values.isEmpty()
                    && values.getFirst().length() > 1
                    && values.getFirst().startsWith("#");
        }

        /** Amounts, dates, times and telephone numbers name no column. */
        boolean hasFigures() {
            return values.stream()
                    .anyMatch(
                            value ->
                                    value.chars().anyMatch(Character::isDigit)
                                            && value.chars().noneMatch(Character::isLetter));
        }
    }

    static TableStart of(
            Dialect dialect,
            byte[] head,
            int start,
            long line,
            boolean whole,
            ImportOptions options) {
        List<Line> lines = lines(dialect, head, start, line, whole);
        int header = new Search(lines, options).header();
        if (header >= 0) {
            return new TableStart(dialect, lines, header, true);
        }
        int first = 0;
        while (first < lines.size() - 1
                && (lines.get(first).isComment()
                        || options.header() == null && !lines.get(first).hasAddress())) {
            first++;
        }
        return new TableStart(dialect, lines, first, false);
    }

    private static List<Line> lines(
            Dialect dialect, byte[] head, int start, long line, boolean whole) {
        RecordScanner scanner = new RecordScanner(dialect);
        List<Line> lines = new ArrayList<>();
        int at = start;
        long number = line;
        while (lines.size() < LOOKED_AT) {
            Found found = scanner.next(head, at, head.length, whole);
            if (found == Found.MORE && head.length - at > FileHead.MAX_HEADER) {
                // No header is so long: a quote of a title, perhaps, that is never closed.
                found = scanner.next(head, at, head.length, true);
                found = found == Found.TORN ? found : Found.MORE;
            }
            switch (found) {
                case RECORD -> {
                    if (!scanner.isEmpty()) {
                        lines.add(Line.of(scanner, head, at, number));
                    }
                }
                case TORN -> lines.add(Line.torn(scanner, at, number));
                case TOO_LONG, MORE, NOTHING -> {
                    return lines;
                }
            }
            at = scanner.end();
            number += scanner.lines();
        }
        return lines;
    }

    /** How many records there are from the header or the first row on. */
    private int size() {
        return lines.size() - first;
    }

    /**
     * The delimiter with the highest score is chosen: rows with an address count most, then known
     * names, then rows as wide as the header, then columns.
     */
    long likelihood() {
        if (lines.isEmpty()) {
            return 0;
        }
        List<Line> table = lines.subList(first, lines.size());
        int width = table.getFirst().values().size();
        long addressed = table.stream().filter(Line::hasAddress).count();
        long regular =
                width < 2
                        ? 0
                        : table.stream()
                                .filter(row -> row.values().size() > 1 && row.width() <= width)
                                .count();
        long alike = table.stream().filter(row -> row.values().size() == width).count();
        long known = named ? known(table.getFirst()) : 0;
        return (((addressed * 100 / lines.size() * 100 + Math.min(99, known)) * 1_000
                                + regular * 100 / size() * 5
                                + (width < 2 ? 0 : alike * 100 / size() * 4))
                        * 1_000)
                + Math.min(999, width);
    }

    private static long known(Line line) {
        Set<String> keys = keys(line);
        return line.values().stream()
                .filter(value -> FieldNames.meaning(value, keys).isPresent())
                .count();
    }

    private static Set<String> keys(Line line) {
        Set<String> keys = new HashSet<>();
        line.values().forEach(value -> keys.add(ColumnName.key(value)));
        return keys;
    }

    private static boolean namesAddresses(Line line) {
        return line.values().stream()
                .anyMatch(
                        v ->
                                ContactField.byHeader(v)
                                        .filter(ContactField.EMAIL::equals)
                                        .isPresent());
    }

    /** Looks for the record that names the columns. */
    private record Search(List<Line> lines, ImportOptions options) {

        /** Its index, or -1. */
        int header() {
            if (Boolean.FALSE.equals(options.header()) || lines.isEmpty()) {
                return -1;
            }
            boolean told = Boolean.TRUE.equals(options.header());
            return byExport()
                    .or(this::byOptions)
                    .or(() -> byAddressName(false))
                    .or(() -> byAddressName(true))
                    .or(() -> told && lines.getFirst().hasAddress() ? Optional.of(0) : likeNames())
                    .or(() -> told ? firstLine() : Optional.<Integer>empty())
                    .orElse(-1);
        }

        /** That of our own export, whatever its attributes are called. */
        private Optional<Integer> byExport() {
            return ExportText.isExport(lines.getFirst().values())
                    ? Optional.of(0)
                    : Optional.empty();
        }

        /** The record that has all the columns that the options name. */
        private Optional<Integer> byOptions() {
            Set<String> wanted = new HashSet<>();
            Stream.of(options.mappingOrNone(), options.typesOrNone(), options.rulesOrNone())
                    .flatMap(option -> option.keySet().stream())
                    .map(ColumnName::of)
                    .forEach(wanted::add);
            wanted.remove("");
            if (wanted.isEmpty()) {
                return Optional.empty();
            }
            for (int n = 0; n < lines.size(); n++) {
                if (lines.get(n).values().containsAll(wanted)) {
                    return Optional.of(n);
                }
            }
            return Optional.empty();
        }

        /** Of the records before the first address, the one that has a name for it. */
        private Optional<Integer> byAddressName(boolean comments) {
            int best = -1;
            long most = 0;
            for (int n = 0; n < lines.size(); n++) {
                Line line = lines.get(n);
                if (line.isComment() != comments
                        || line.hasAddress() && !isToldFirst(n)
                        || !namesAddresses(line)) {
                    continue;
                }
                long known = known(line);
                if (known > most && (best < 0 || n < firstAddress()) && isHeader(n, known)) {
                    most = known;
                    best = n;
                }
            }
            return best < 0 ? Optional.empty() : Optional.of(best);
        }

        private boolean isToldFirst(int n) {
            return n == 0 && Boolean.TRUE.equals(options.header());
        }

        /** A row may contain such a name too, for example as the preferred way of contact. */
        private boolean isHeader(int n, long known) {
            long filled = lines.get(n).filled();
            if (n > firstAddress()) {
                // A record with an address before the header is a note about the file.
                return known >= 2
                        && lines.subList(0, n).stream().allMatch(before -> before.filled() <= 2)
                        && (filled > 2 || known == filled);
            }
            return n == 0
                    || known >= 2
                    || known == filled
                    || lines.subList(0, n).stream()
                            .allMatch(before -> before.isComment() || before.filled() < filled);
        }

        private int firstAddress() {
            for (int n = 0; n < lines.size(); n++) {
                if (lines.get(n).hasAddress()) {
                    return n;
                }
            }
            return lines.size();
        }

        /** The record before the first address that looks most like the names of its columns. */
        private Optional<Integer> likeNames() {
            int end = firstAddress();
            int width = width(end);
            int best = -1;
            long most = 0;
            for (int n = 0; n < end; n++) {
                Line line = lines.get(n);
                long filled = line.filled();
                boolean wide = width < 2 ? filled > 0 : filled > 1 && 2 * filled > width;
                if (line.torn() || line.isComment() || end < lines.size() && !wide) {
                    continue;
                }
                long known = known(line);
                long sure = known >= 2 || known == filled ? known : 0;
                long likeness =
                        (sure * 2 + (line.hasFigures() ? 0 : 1)) * 1_000 + Math.min(width, filled);
                if (likeness > most) {
                    most = likeness;
                    best = n;
                }
            }
            return best < 0 ? Optional.empty() : Optional.of(best);
        }

        /** How wide most rows are from there on, or all where no row has an address. */
        private int width(int from) {
            List<Integer> widths =
                    lines.subList(from < lines.size() ? from : 0, lines.size()).stream()
                            .map(Line::width)
                            .sorted()
                            .toList();
            return widths.get(widths.size() / 2);
        }

        private Optional<Integer> firstLine() {
            for (int n = 0; n < lines.size(); n++) {
                if (!lines.get(n).torn() && !lines.get(n).isComment()) {
                    return Optional.of(n);
                }
            }
            return Optional.empty();
        }
    }
}
