package io.mailgenius.jobs.imports.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The first rows of a text. What depends on what the cells hold is decided by them once, for the
 * preview and for the import.
 *
 * @param rows as they stand in the file; as many values each as there are columns, or more where a
 *     cell too many is filled
 * @param cells the same as an import reads them, without the blanks around a value
 * @param bytes of the rows, with those that are torn or too long
 */
public record FirstRows(List<List<String>> rows, List<List<String>> cells, byte[] bytes) {

    private static final int MOST = 1_000;

    public static FirstRows of(FileHead fileHead, byte[] head, boolean whole) {
        RecordScanner scanner = new RecordScanner(fileHead.dialect());
        int columns = fileHead.names().size();
        int at = fileHead.dataFrom();
        List<List<String>> rows = new ArrayList<>();
        List<List<String>> cells = new ArrayList<>();
        Cell cell = new Cell();
        boolean more = true;
        while (more && rows.size() < MOST) {
            switch (scanner.next(head, at, head.length, whole)) {
                case RECORD -> {
                    if (!scanner.isEmpty()) {
                        int width = width(scanner, head, columns);
                        rows.add(Dialect.values(scanner, head).subList(0, width));
                        cells.add(cells(scanner, head, width, cell));
                    }
                }
                case TORN, TOO_LONG -> {}
                case MORE, NOTHING -> more = false;
            }
            at = more ? scanner.end() : at;
        }
        return new FirstRows(rows, cells, Arrays.copyOfRange(head, fileHead.dataFrom(), at));
    }

    private static int width(RecordScanner record, byte[] head, int columns) {
        int width = record.count();
        while (width > columns && record.isBlank(head, width - 1)) {
            width--;
        }
        record.fillUp(columns);
        return Math.max(width, columns);
    }

    private static List<String> cells(RecordScanner record, byte[] head, int width, Cell cell) {
        List<String> cells = new ArrayList<>(width);
        for (int n = 0; n < width; n++) {
            cell.read(record, head, n);
            cells.add(cell.text());
        }
        return cells;
    }
}
