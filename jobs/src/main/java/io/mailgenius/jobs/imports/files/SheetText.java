package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A sheet as delimited text in UTF-8, row by row while it is read. A row is a record, and an empty
 * row an empty line, so that the number of a record is the number that the spreadsheet shows beside
 * its row.
 */
final class SheetText extends InputStream {

    /** A text that a million cells refer to is a short file and a long text. */
    private static final int MAX_RATIO = 100;

    private static final long ALWAYS_ALLOWED = 32L << 20;

    private final SheetReader rows;
    private final long most;
    private long written;
    private byte[] bytes = new byte[0];
    private int at;
    private int line;
    private int width = -1;

    /**
     * @param packed bytes of the file
     */
    SheetText(SheetReader rows, long packed) {
        this.rows = rows;
        this.most = Math.min(Container.MAX_UNPACKED, ALWAYS_ALLOWED + MAX_RATIO * packed);
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
            if (!rows.next()) {
                return false;
            }
            bytes = text().getBytes(StandardCharsets.UTF_8);
            at = 0;
            written += bytes.length;
            if (written > most) {
                throw new Refusal.Invalid(
                        "import-too-large",
                        String.format(
                                Locale.ROOT,
                                "The rows of the spreadsheet have more than %,d MB of text, which is more than %d times its size or %d GB: save the sheet as CSV.",
                                most >> 20,
                                MAX_RATIO,
                                Container.MAX_UNPACKED >> 30));
            }
        }
        return true;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        while (line + 1 < rows.row()) {
            text.append('\n');
            line++;
        }
        int filled = rows.width();
        if (filled > 0 && width < 0) {
            width = filled;
        }
        for (int n = 0; filled > 0 && n < Math.max(width, filled); n++) {
            if (n > 0) {
                text.append(',');
            }
            append(text, rows.value(n));
        }
        line++;
        return text.append('\n').toString();
    }

    private static void append(StringBuilder text, String value) {
        if (value.isEmpty()) {
            return;
        }
        boolean plain =
                value.indexOf('"') < 0
                        && value.indexOf(',') < 0
                        && value.indexOf('\n') < 0
                        && value.indexOf('\r') < 0;
        if (plain) {
            text.append(value);
        } else {
            text.append('"').append(value.replace("\"", "\"\"")).append('"');
        }
    }
}
