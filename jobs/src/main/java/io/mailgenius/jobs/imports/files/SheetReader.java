package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.imports.rows.RecordScanner;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of a sheet, one at a time: every kind of cell as the text that it shows. */
final class SheetReader implements Closeable {

    static final int MAX_ROWS = 1 << 20;
    static final int MAX_COLUMNS = 1 << 14;

    private final XmlPart xml;
    private final SharedStrings strings;
    private final CellStyles styles;
    private final NumberText numbers;
    private final SheetReport report;
    private int depth;
    private int row;
    private String[] values = new String[64];
    private int width;
    private long characters;

    SheetReader(
            XmlPart xml,
            SharedStrings strings,
            CellStyles styles,
            NumberText numbers,
            SheetReport report) {
        this.xml = xml;
        this.strings = strings;
        this.styles = styles;
        this.numbers = numbers;
        this.report = report;
    }

    /**
     * Moves to the next row of the file, which may be empty; false behind the last one.
     *
     * @throws Refusal.Invalid if the sheet is damaged or larger than sheets can be
     */
    boolean next() {
        Arrays.fill(values, 0, width, "");
        width = 0;
        characters = 0;
        if (depth == 0 && !begin()) {
            return false;
        }
        while (xml.nextStartWithin(depth)) {
            if (xml.name().equals("row")) {
                row = rowNumber(xml.attribute("r"));
                cells();
                xml.read(row);
                return true;
            }
        }
        return false;
    }

    private boolean begin() {
        while (xml.nextStart()) {
            if (xml.name().equals("sheetData")) {
                depth = xml.depth();
                return true;
            }
        }
        return false;
    }

    /** A row without a number, or with one that was there, is the next one. */
    private int rowNumber(@Nullable String text) {
        long number = row + 1L;
        if (text != null) {
            try {
                number = Math.max(number, Long.parseLong(text.strip()));
            } catch (NumberFormatException e) {
                throw xml.damaged("has a row \"%s\"".formatted(start(text)));
            }
        }
        if (number > MAX_ROWS) {
            throw xml.damaged(
                    String.format(
                            Locale.ROOT,
                            "has a row %,d, and a sheet has %,d at most",
                            number,
                            MAX_ROWS));
        }
        return (int) number;
    }

    private void cells() {
        int own = xml.depth();
        int column = -1;
        while (xml.nextStartWithin(own)) {
            if (xml.name().equals("c")) {
                String reference = xml.attribute("r");
                column = reference == null ? column + 1 : column(reference);
                if (column >= MAX_COLUMNS) {
                    throw xml.damaged(
                            String.format(
                                    Locale.ROOT,
                                    "has more than the %,d columns of a sheet in row %,d",
                                    MAX_COLUMNS,
                                    row));
                }
                String value = cell(column).strip();
                if (!value.isEmpty()) {
                    set(column, value);
                }
            }
        }
    }

    /** Of {@code AB12} 27, since the first one is 0. */
    private int column(String reference) {
        int column = 0;
        int n = 0;
        while (n < reference.length() && n < 4) {
            char c = reference.charAt(n);
            if (c >= 'a' && c <= 'z') {
                c -= 32;
            }
            if (c < 'A' || c > 'Z') {
                break;
            }
            column = column * 26 + c - 'A' + 1;
            n++;
        }
        if (n == 0 || n == 4) {
            throw xml.damaged(
                    "has a cell \"%s\", and the last column of a sheet is XFD"
                            .formatted(start(reference)));
        }
        return column - 1;
    }

    private static String start(String text) {
        return text.substring(0, Math.min(20, text.length()));
    }

    private void set(int column, String value) {
        characters += value.length();
        if (column >= values.length) {
            values = Arrays.copyOf(values, Math.max(column + 1, values.length * 2));
        }
        for (int n = width; n < column; n++) {
            values[n] = "";
        }
        values[column] = value;
        width = Math.max(width, column + 1);
    }

    private String cell(int column) {
        String type = xml.attribute("t");
        String style = xml.attribute("s");
        int own = xml.depth();
        // A row that is longer than a record may be is rejected: the rest of it need not be kept.
        boolean passed = characters > RecordScanner.MAX_RECORD;
        String value = null;
        String inline = null;
        boolean formula = false;
        while (xml.nextStartWithin(own)) {
            switch (xml.name()) {
                case "v" -> value = xml.text(XmlText.MAX);
                case "is" -> inline = XmlText.unescaped(xml.text(XmlText.MAX));
                case "f" -> formula = true;
                default -> {}
            }
        }
        if (passed) {
            return "";
        }
        if (value == null && inline == null) {
            if (formula) {
                report.uncalculated(name(column));
            }
            return "";
        }
        if (value == null || "inlineStr".equals(type) && inline != null) {
            return inline == null ? "" : inline;
        }
        return text(type == null ? "n" : type, value, style, column);
    }

    private String text(String type, String value, @Nullable String style, int column) {
        return switch (type) {
            case "s" -> value.isBlank() ? "" : strings.get(index(value));
            case "b" ->
                    switch (value.strip()) {
                        case "1" -> "true";
                        case "0" -> "false";
                        case String other -> other;
                    };
            case "e" -> {
                report.error(name(column), start(value.strip()));
                yield "";
            }
            case "d" -> numbers.ofIso(value, styles.of(style));
            case "str", "inlineStr" -> XmlText.unescaped(value);
            // Also of an unknown type.
            default -> numbers.of(value, styles.of(style));
        };
    }

    private int index(String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw xml.damaged("has a text with the number \"%s\"".formatted(start(value)));
        }
    }

    /** As a spreadsheet names it, such as AB12. */
    private String name(int column) {
        StringBuilder letters = new StringBuilder();
        for (int n = column + 1; n > 0; n = (n - 1) / 26) {
            letters.append((char) ('A' + (n - 1) % 26));
        }
        return letters.reverse().append(row).toString();
    }

    /** Of the row, as the spreadsheet shows it. */
    int row() {
        return row;
    }

    /** Up to the last cell that is not empty. */
    int width() {
        return width;
    }

    /** Empty if there is none. */
    String value(int column) {
        return column < width ? values[column] : "";
    }

    @Override
    public void close() throws IOException {
        xml.close();
    }
}
