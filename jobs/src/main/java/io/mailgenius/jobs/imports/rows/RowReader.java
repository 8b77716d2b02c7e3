package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.addresses.MalformedAddress;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.Header.Named;
import io.mailgenius.jobs.imports.columns.ImportOptions.Handling;
import io.mailgenius.jobs.imports.rows.Rejects.Reject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a slice, validates each, and adds the valid ones to the staging. */
public final class RowReader {

    public static final int MAX_FIELD = 500;
    static final int MAX_RAW = 10_000;
    private static final int MAX_VALUE = 100_000;

    private final Header header;
    private final Staging staging;
    private final RecordScanner scanner;
    private final List<Reject> rejects = new ArrayList<>();
    private final int email;
    private long read;
    private boolean hasNul;
    private boolean isUtf8;

    public RowReader(Header header, Dialect dialect, Staging staging) {
        this.header = header;
        this.staging = staging;
        this.scanner = new RecordScanner(dialect);
        this.email = header.email();
    }

    /** Reads all records of a slice, which ends at a record boundary. */
    public void read(byte[] bytes, long firstLine) {
        look(bytes);
        long line = firstLine;
        int at = 0;
        while (true) {
            switch (scanner.next(bytes, at, bytes.length, true)) {
                case RECORD -> {
                    if (!scanner.isEmpty()) {
                        read++;
                        row(bytes, at, line);
                    }
                }
                case TORN -> {
                    read++;
                    reject(bytes, at, line, null, "a quote is opened and never closed");
                }
                case TOO_LONG -> {
                    read++;
                    reject(bytes, at, line, null, SliceReader.TOO_LONG);
                }
                case MORE, NOTHING -> {
                    return;
                }
            }
            at = scanner.end();
            line += scanner.lines();
        }
    }

    private void look(byte[] bytes) {
        isUtf8 = Utf8.is(bytes, 0, bytes.length);
        boolean nul = false;
        boolean combining = false;
        for (byte b : bytes) {
            nul |= b == 0;
            combining |= Cell.mayCombine(b);
        }
        hasNul = nul;
        staging.mayCombine(combining);
    }

    /**
     * Rejects lines that were read before, because the merge could not take them.
     *
     * @param reason in words
     */
    public void rejectAfterwards(byte[] bytes, long firstLine, Set<Long> lines, String reason) {
        long line = firstLine;
        int at = 0;
        int left = lines.size();
        while (left > 0) {
            switch (scanner.next(bytes, at, bytes.length, true)) {
                case RECORD -> {
                    if (lines.contains(line)) {
                        reject(bytes, at, line, null, reason);
                        left--;
                    }
                }
                case TORN, TOO_LONG -> {}
                case MORE, NOTHING -> {
                    return;
                }
            }
            at = scanner.end();
            line += scanner.lines();
        }
    }

    /** Rejects a slice that is a single faulty record. */
    public void fault(byte[] beginning, long line, String reason) {
        read++;
        String raw = new String(beginning, StandardCharsets.UTF_8);
        rejects.add(new Reject(line, null, reason, cut(raw)));
    }

    private void row(byte[] bytes, int start, long line) {
        String problem = shape(bytes, start);
        if (problem != null) {
            reject(bytes, start, line, null, problem);
            return;
        }
        String text = Cell.text(scanner, bytes, email);
        switch (EmailAddress.parse(header.exported() ? ExportText.readField(text) : text)) {
            case EmailAddress address -> row(address, bytes, start, line);
            case MalformedAddress malformed ->
                    reject(bytes, start, line, named(email).name(), malformed.reason());
        }
    }

    private void row(EmailAddress address, byte[] bytes, int start, long line) {
        Handling role = header.addresses().roleOrTaken();
        Handling disposable = header.addresses().disposableOrTaken();
        String kind = null;
        if (role != Handling.TAKE && address.isRole()) {
            if (role == Handling.REJECT) {
                reject(bytes, start, line, named(email).name(), "the address is of a role");
                return;
            }
            kind = "role";
        }
        if (disposable != Handling.TAKE && address.isDisposable()) {
            if (disposable == Handling.REJECT) {
                reject(bytes, start, line, named(email).name(), "the address is a throwaway one");
                return;
            }
            kind = "disposable";
        }
        Staging.Refused refused = staging.add(line, address.value(), kind, scanner, bytes);
        if (refused != null) {
            reject(bytes, start, line, refused.column(), refused.reason());
        }
    }

    private Named named(int column) {
        return header.columns().get(column);
    }

    private @Nullable String shape(byte[] bytes, int start) {
        int wanted = header.columns().size();
        for (int n = wanted; n < scanner.count(); n++) {
            if (!scanner.isBlank(bytes, n)) {
                return "the row has %d columns, the header %d".formatted(scanner.count(), wanted);
            }
        }
        scanner.fillUp(wanted);
        for (int n = 0; n < wanted; n++) {
            if (scanner.to(n) - scanner.from(n) > MAX_VALUE) {
                return "a value is longer than %d characters".formatted(MAX_VALUE);
            }
        }
        if (hasNul) {
            for (int n = start; n < scanner.end(); n++) {
                if (bytes[n] == 0) {
                    return "a value contains a NUL character";
                }
            }
        }
        return isUtf8 || Utf8.is(bytes, start, scanner.end()) ? null : "the row is not UTF-8 text";
    }

    /** The row as in the file, without its line break. */
    private void reject(
            byte[] bytes, int start, long line, @Nullable String column, String reason) {
        int end = scanner.end();
        while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        int from = Blanks.isByteOrderMark(bytes, start, end) ? start + 3 : start;
        // The beginning identifies a long row.
        int shown = Math.min(end - from, 4 * MAX_RAW);
        String raw = new String(bytes, from, shown, StandardCharsets.UTF_8);
        rejects.add(new Reject(line, column, reason, cut(raw)));
    }

    /** PostgreSQL cannot store a NUL, so the stored row has none. */
    private static String cut(String raw) {
        String storable = raw.replace("\0", "");
        return storable.length() <= MAX_RAW ? storable : storable.substring(0, MAX_RAW);
    }

    public long read() {
        return read;
    }

    public List<Reject> rejects() {
        return rejects;
    }
}
