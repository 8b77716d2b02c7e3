package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.columns.Column;
import io.mailgenius.jobs.imports.columns.ColumnStyle;
import io.mailgenius.jobs.imports.columns.ConsentRule;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.Header.Named;
import io.mailgenius.jobs.imports.rows.Cell;
import io.mailgenius.jobs.imports.rows.FileHead;
import io.mailgenius.jobs.imports.rows.RecordScanner;
import io.mailgenius.jobs.imports.values.CellType;
import io.mailgenius.jobs.imports.values.DayOrder;
import io.mailgenius.jobs.imports.values.DecimalMark;
import io.mailgenius.jobs.imports.values.WrittenDate;
import io.mailgenius.jobs.imports.values.WrittenNumber;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Determines how each column is written before its first row is read, so that all slices and the
 * preview read a cell in the same way. For typed numbers and dates it reads every cell of the file;
 * for other columns the first rows suffice.
 */
final class ColumnSurvey {

    /** How many rows decide for columns without a type. */
    static final int ROWS = 1_000;

    private static final int BUFFER = 1 << 18;

    private final List<Named> columns;
    private final FileHead fileHead;
    private final Evidence[] evidence;
    private final Cell cell = new Cell();
    private boolean wantsAll;

    /** The formats that the cells of one column fit so far. */
    private static final class Evidence {
        final Set<DecimalMark> marks = EnumSet.noneOf(DecimalMark.class);
        final Set<DayOrder> orders = EnumSet.noneOf(DayOrder.class);
        boolean proved;
        boolean doubted;
    }

    private ColumnSurvey(Header header, FileHead fileHead) {
        this.columns = header.columns();
        this.fileHead = fileHead;
        this.evidence = new Evidence[columns.size()];
        Arrays.setAll(evidence, _ -> new Evidence());
    }

    /** Reads the first rows; {@link #wantsAll} states whether the others are needed. */
    static ColumnSurvey of(Header header, FileHead fileHead, FileNormalizer.Head head) {
        ColumnSurvey survey = new ColumnSurvey(header, fileHead);
        boolean typed = header.columns().stream().anyMatch(column -> isOpen(column.type()));
        survey.wantsAll = typed && !head.whole();
        RecordScanner scanner = new RecordScanner(fileHead.dialect());
        byte[] bytes = head.bytes();
        int at = fileHead.dataFrom();
        int rows = 0;
        while (rows < ROWS || typed && !survey.wantsAll) {
            switch (scanner.next(bytes, at, bytes.length, head.whole())) {
                case RECORD -> {
                    if (!scanner.isEmpty()) {
                        survey.see(scanner, bytes, rows < ROWS, !survey.wantsAll);
                        rows++;
                    }
                }
                case TORN, TOO_LONG -> {}
                case MORE, NOTHING -> {
                    return survey;
                }
            }
            at = scanner.end();
        }
        return survey;
    }

    /** Whether the other rows are needed. */
    boolean wantsAll() {
        return wantsAll;
    }

    /**
     * @param rows the text from its first row
     */
    void all(InputStream rows) throws IOException {
        RecordScanner scanner = new RecordScanner(fileHead.dialect());
        byte[] buffer = new byte[BUFFER];
        int start = 0;
        int limit = 0;
        boolean last = false;
        while (true) {
            switch (scanner.next(buffer, start, limit, last)) {
                case RECORD -> {
                    see(scanner, buffer, false, true);
                    start = scanner.end();
                }
                case TORN, TOO_LONG -> start = scanner.end();
                case NOTHING -> {
                    return;
                }
                case MORE -> {
                    System.arraycopy(buffer, start, buffer, 0, limit - start);
                    limit -= start;
                    start = 0;
                    if (limit == buffer.length) {
                        buffer = Arrays.copyOf(buffer, 2 * buffer.length);
                    }
                    int count = rows.readNBytes(buffer, limit, buffer.length - limit);
                    last = count < buffer.length - limit;
                    limit += count;
                }
            }
        }
    }

    private void see(RecordScanner record, byte[] bytes, boolean untyped, boolean typed) {
        for (int n = 0; n < evidence.length && n < record.count(); n++) {
            Named column = columns.get(n);
            if (column.becomes() instanceof Column.Ignored) {
                continue;
            }
            if (typed && isOpen(column.type())) {
                cell.read(record, bytes, n);
                see(evidence[n], column.type(), cell.text());
            } else if (untyped && isOpen(column)) {
                cell.read(record, bytes, n);
                if (cell.size() > 0) {
                    guess(evidence[n], column, cell.text());
                }
            }
        }
    }

    private static void see(Evidence found, CellType type, String text) {
        if (type instanceof CellType.Date) {
            if (WrittenDate.of(text) instanceof WrittenDate.Exact(_, DayOrder order)
                    && order != null) {
                found.orders.add(order);
            }
        } else if (WrittenNumber.of(text) instanceof WrittenNumber.Exact(_, DecimalMark mark)
                && mark != null) {
            found.marks.add(mark);
        }
    }

    private static void guess(Evidence found, Named column, String text) {
        char first = text.charAt(0);
        if (first <= '9' || first > 0x7F) {
            see(found, column.type(), text);
        }
        ConsentRule rule = column.consent();
        if (rule != null) {
            boolean understood = rule.read(text).isPresent();
            found.doubted |= !understood;
            found.proved |= understood && rule.proves(text);
        }
    }

    /** Whether the format depends on the cells. */
    private static boolean isOpen(CellType type) {
        return type instanceof CellType.Number(DecimalMark mark) && mark == null
                || type instanceof CellType.Date(DayOrder order) && order == null;
    }

    private static boolean isOpen(Named column) {
        return column.becomes() instanceof Column.Attribute
                && (column.type() instanceof CellType.Guessed || column.consent() != null);
    }

    /** By column number; most columns have none. */
    Map<Integer, ColumnStyle> styles() {
        Map<Integer, ColumnStyle> styles = new HashMap<>();
        for (int n = 0; n < evidence.length; n++) {
            Evidence found = evidence[n];
            ColumnStyle style =
                    new ColumnStyle(
                            only(found.marks), only(found.orders), found.proved && !found.doubted);
            if (!style.equals(ColumnStyle.UNKNOWN)) {
                styles.put(n, style);
            }
        }
        return styles;
    }

    private static <T> @Nullable T only(Set<T> found) {
        return found.size() == 1 ? found.iterator().next() : null;
    }
}
