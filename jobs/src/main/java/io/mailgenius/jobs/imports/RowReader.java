package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.contacts.EmailAddress;
import io.mailgenius.jobs.contacts.MalformedAddress;
import io.mailgenius.jobs.imports.Rejects.Reject;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a slice, checks each, and hands the good ones to the staging. */
final class RowReader {

    private static final int MAX_VALUE = 100_000;
    private static final int MAX_RAW = 10_000;
    private static final char NOT_UTF8 = '\uFFFD';

    private final Header header;
    private final Dialect dialect;
    private final Staging staging;
    private final List<Reject> rejects = new ArrayList<>();
    private final int email;
    private long read;

    RowReader(Header header, Dialect dialect, Staging staging) {
        this.header = header;
        this.dialect = dialect;
        this.staging = staging;
        this.email = header.columns().indexOf(new Column.Field(ContactField.EMAIL));
    }

    void read(String text, long firstLine) throws IOException {
        try (CSVParser parser = dialect.format().parse(new StringReader(text))) {
            Iterator<CSVRecord> records = parser.iterator();
            long line = firstLine;
            while (records.hasNext()) {
                CSVRecord record = records.next();
                if (record.size() > 1 || !record.get(0).isEmpty()) {
                    read++;
                    row(record, line);
                }
                line = firstLine + parser.getCurrentLineNumber();
            }
        }
    }

    /** A line whose quote is never closed. */
    void torn(String text, long line) {
        read++;
        reject(text.strip(), line, null, "a quote is opened and never closed");
    }

    private void row(CSVRecord record, long line) {
        String problem = shape(record);
        if (problem != null) {
            reject(record, line, null, problem);
            return;
        }
        switch (EmailAddress.parse(record.get(email))) {
            case EmailAddress address -> staging.add(line, address.value(), record);
            case MalformedAddress malformed ->
                    reject(record, line, header.names().get(email), malformed.reason());
        }
    }

    private @Nullable String shape(CSVRecord record) {
        if (record.size() != header.columns().size()) {
            return "the row has %d columns, the header %d"
                    .formatted(record.size(), header.columns().size());
        }
        for (String value : record) {
            if (value.length() > MAX_VALUE) {
                return "a value is longer than %d characters".formatted(MAX_VALUE);
            }
            for (int n = 0; n < value.length(); n++) {
                char c = value.charAt(n);
                if (c == 0) {
                    return "a value contains a NUL character";
                }
                if (c == NOT_UTF8) {
                    return "the row is not UTF-8 text";
                }
            }
        }
        return null;
    }

    private void reject(CSVRecord record, long line, @Nullable String column, String reason) {
        reject(dialect.format().format((Object[]) record.values()), line, column, reason);
    }

    /** PostgreSQL stores no NUL, so the row is told without. */
    private void reject(String raw, long line, @Nullable String column, String reason) {
        rejects.add(new Reject(line, column, reason, cut(raw.replace("\0", ""))));
    }

    private static String cut(String raw) {
        return raw.length() <= MAX_RAW ? raw : raw.substring(0, MAX_RAW);
    }

    long read() {
        return read;
    }

    List<Reject> rejects() {
        return rejects;
    }
}
