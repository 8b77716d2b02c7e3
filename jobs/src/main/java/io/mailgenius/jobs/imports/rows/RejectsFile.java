package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.rows.RecordScanner.Found;
import io.mailgenius.jobs.imports.rows.Rejects.Reject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The rejected rows as a file that can be corrected and imported again: line, column and reason,
 * then the original row, under the original header.
 */
final class RejectsFile {

    private final Dialect dialect;
    private final RecordScanner scanner;
    private final CSVFormat format;
    private final CSVPrinter printer;
    private final Writer out;

    RejectsFile(Dialect dialect, Writer out) {
        this.dialect = dialect;
        this.scanner = new RecordScanner(dialect);
        this.format = dialect.format();
        this.out = out;
        try {
            this.printer = new CSVPrinter(out, format);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void header(List<String> names) throws IOException {
        List<String> all = new ArrayList<>(Header.OF_REJECTS);
        all.addAll(names);
        printer.printRecord(all);
    }

    void row(Reject reject) throws IOException {
        out.append(format.format(reject.line(), reject.column(), reject.reason()))
                .append(dialect.delimiter())
                .append(asItStood(reject.raw()))
                .append("\r\n");
    }

    /**
     * A row that is not exactly one record, such as one with an unclosed quote, is written as a
     * single value, so that the other rows stay readable.
     */
    private String asItStood(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        boolean whole =
                scanner.next(bytes, 0, bytes.length, true) == Found.RECORD
                        && scanner.end() == bytes.length;
        return whole ? raw : format.format(raw);
    }
}
