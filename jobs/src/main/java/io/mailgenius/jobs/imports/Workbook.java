package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.jspecify.annotations.Nullable;

/**
 * A sheet as delimited text, row by row while it is read. A row is a record, and an empty row an
 * empty line, so that the number of a record is the number that the spreadsheet shows beside its
 * row.
 */
final class Workbook {

    private static final ReadingOptions OPTIONS = new ReadingOptions(true, false);

    private Workbook() {}

    static <R> R text(Path file, @Nullable String sheet, Packing.Work<R> work) throws IOException {
        try (ReadableWorkbook workbook = new ReadableWorkbook(file.toFile(), OPTIONS)) {
            Sheet chosen = sheet(workbook, sheet);
            try (Stream<Row> rows = chosen.openStream();
                    InputStream text = new Lines(rows.iterator())) {
                return work.on(text);
            }
        } catch (ExcelReaderException e) {
            throw Packing.damaged("xlsx", e, 0);
        }
    }

    private static Sheet sheet(ReadableWorkbook workbook, @Nullable String name) {
        if (name == null) {
            return workbook.getFirstSheet();
        }
        return workbook.findSheet(name)
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "import-sheet-not-found",
                                        "The spreadsheet has no sheet \"%s\"; it has: %s."
                                                .formatted(
                                                        name,
                                                        String.join(
                                                                ", ",
                                                                workbook.getSheets()
                                                                        .map(Sheet::getName)
                                                                        .toList()))));
    }

    /** Pulled, so that no more than a row is in memory. */
    private static final class Lines extends InputStream {

        private final Iterator<Row> rows;
        private byte[] bytes = new byte[0];
        private int at;
        private int line;
        private int width = -1;

        Lines(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public int read() throws IOException {
            return fill() ? bytes[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] out, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, out, offset, count);
            at += count;
            return count;
        }

        private boolean fill() {
            while (at == bytes.length) {
                try {
                    if (!rows.hasNext()) {
                        return false;
                    }
                    bytes = text(rows.next()).getBytes(StandardCharsets.UTF_8);
                } catch (RuntimeException e) {
                    throw new Refusal.Invalid(
                            "import-file-damaged",
                            "The spreadsheet cannot be read after row %,d (%s): save it again."
                                    .formatted(line, e.getMessage()));
                }
                at = 0;
            }
            return true;
        }

        private String text(Row row) {
            StringBuilder text = new StringBuilder();
            while (line + 1 < row.getRowNum()) {
                text.append('\n');
                line++;
            }
            int last = lastFilled(row);
            if (last >= 0 && width < 0) {
                width = last + 1;
            }
            for (int n = 0; last >= 0 && n < Math.max(width, last + 1); n++) {
                text.append(n == 0 ? "" : ",");
                text.append(n < row.getCellCount() ? quoted(value(row.getCell(n))) : "");
            }
            line++;
            return text.append('\n').toString();
        }

        private static int lastFilled(Row row) {
            for (int n = row.getCellCount() - 1; n >= 0; n--) {
                if (!value(row.getCell(n)).isEmpty()) {
                    return n;
                }
            }
            return -1;
        }

        private static String quoted(String value) {
            boolean plain =
                    value.indexOf('"') < 0
                            && value.indexOf(',') < 0
                            && value.indexOf('\n') < 0
                            && value.indexOf('\r') < 0;
            return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
        }

        private static String value(@Nullable Cell cell) {
            if (cell == null) {
                return "";
            }
            if (cell.getType() == CellType.NUMBER
                    || cell.getType() == CellType.FORMULA && cell.getValue() instanceof Number) {
                return number(cell);
            }
            return switch (cell.getType()) {
                case BOOLEAN -> cell.asBoolean().toString();
                case STRING, FORMULA, ERROR ->
                        Optional.ofNullable(cell.getText()).orElse("").strip();
                case NUMBER, EMPTY -> "";
            };
        }

        private static String number(Cell cell) {
            if (isDate(cell.getDataFormatString())) {
                LocalDateTime moment = cell.asDate();
                return moment.toLocalTime().equals(LocalTime.MIDNIGHT)
                        ? moment.toLocalDate().toString()
                        : moment.toString();
            }
            return cell.asNumber().stripTrailingZeros().toPlainString();
        }

        private static boolean isDate(@Nullable String format) {
            return format != null
                    && format.toLowerCase(Locale.ROOT)
                            .replaceAll("\"[^\"]*\"|\\[[^\\]]*\\]|\\\\.", "")
                            .matches(".*[ydhs].*|m+");
        }
    }
}
