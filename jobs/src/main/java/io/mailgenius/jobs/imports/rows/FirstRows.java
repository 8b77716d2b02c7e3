package io.mailgenius.jobs.imports.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The first rows of a text. All decisions that depend on the contents of cells are made from them
 * once, for both the preview and the import.
 *
 * @param rows as in the file; each has as many values as there are columns, or more if it has extra
 *     filled cells
 * @param cells the same values as an import reads them, without surrounding blanks
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
