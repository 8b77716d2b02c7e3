package io.mailgenius.jobs.imports.rows;

import io.mailgenius.jobs.contacts.ExportText;
import io.mailgenius.jobs.contacts.NormalizedText;
import io.mailgenius.jobs.imports.columns.Column;
import io.mailgenius.jobs.imports.columns.ContactField;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.Header.Default;
import io.mailgenius.jobs.imports.columns.Header.Named;
import io.mailgenius.schema.ContactStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Collects rows in the text format of COPY and copies them into a temporary table, from which
 * {@link Merge} merges them into table contact. PostgreSQL does not allow COPY into a table with
 * row-level security.
 */
public final class Staging {

    /**
     * The reject reason for a row whose contact would exceed the limits, though the row does not.
     */
    public static final String TOO_MANY =
            "the contact would have more than 200 attributes, or 64 KiB of them";

    /** Bytes of a contact's attributes as JSON. */
    private static final int MAX_ATTRIBUTES = 64 * 1024;

    private static final int MAX_KEYS = 200;

    /** The attribute that holds the kind of a contact's address. */
    private static final String KIND = "address_kind";

    private static final String TABLE =
            """
            CREATE TEMP TABLE IF NOT EXISTS import_row (
                line bigint, email text COLLATE "C", %s, import_defaults smallint, status text, attributes jsonb)
            ON COMMIT DELETE ROWS
            """
                    .formatted(
                            Arrays.stream(ContactField.values())
                                    .filter(field -> field != ContactField.EMAIL)
                                    .map(field -> field.column() + " text")
                                    .collect(Collectors.joining(", ")));

    private final Header header;
    private final Staged staged;
    private final CopyBuffer copy;
    private final AttributeWriter attributes;
    private final @Nullable ConsentReader consent;
    private final Cell cell = new Cell();
    private final byte[][] keys;
    private final Addresses addresses = new Addresses();
    private int rows;
    private int largest;
    private boolean mayCombine = true;
    private boolean lowers;

    /**
     * @param copy the buffer for the rows; empty, and not shared
     */
    public Staging(Header header, CopyBuffer copy) {
        this.header = header;
        this.staged = Staged.of(header);
        this.copy = copy;
        this.attributes = new AttributeWriter(copy);
        this.consent = staged.status() ? new ConsentReader(header) : null;
        this.keys = new byte[header.columns().size()][];
        for (int n = 0; n < keys.length; n++) {
            if (header.columns().get(n).becomes() instanceof Column.Attribute(String name)) {
                CopyBuffer key = new CopyBuffer(7 * name.length() + 3);
                key.json(NormalizedText.of(name));
                key.put(':');
                keys[n] = Arrays.copyOf(key.bytes(), key.length());
            }
        }
    }

    /** Why a row is rejected. */
    record Refused(@Nullable String column, String reason) {}

    /** Whether a text of the following rows may be in another normal form than C. */
    void mayCombine(boolean mayCombine) {
        this.mayCombine = mayCombine;
    }

    /**
     * Adds a row. Returns null, or why the row is rejected.
     *
     * @param kind the new value of the attribute {@code address_kind}, or null to leave it
     */
    @Nullable Refused add(
            long line, String email, @Nullable String kind, RecordScanner record, byte[] bytes) {
        int mark = copy.length();
        copy.number(line);
        copy.put('\t');
        int address = copy.length();
        copy.asciiValue(email);
        Refused refused = addFields(record, bytes);
        if (refused == null && consent != null) {
            refused = addStatus(consent, record, bytes);
        }
        if (refused == null && staged.attributes()) {
            copy.put('\t');
            refused = addAttributes(kind, record, bytes);
        }
        if (refused != null) {
            copy.backTo(mark);
            return refused;
        }
        copy.put('\n');
        addresses.add(copy.bytes(), address);
        rows++;
        return null;
    }

    private @Nullable Refused addFields(RecordScanner record, byte[] bytes) {
        int defaulted = 0;
        for (Staged.StagedField field : staged.fields()) {
            copy.put('\t');
            int size = 0;
            if (field.column() >= 0) {
                read(record, bytes, field.column());
                if (header.exported()) {
                    cell.replace(ExportText.readField(cell.text()));
                }
                size = cell.size();
                if (size > RowReader.MAX_FIELD && cell.text().length() > RowReader.MAX_FIELD) {
                    return new Refused(
                            header.columns().get(field.column()).name(),
                            "it is longer than %d characters".formatted(RowReader.MAX_FIELD));
                }
            }
            if (size > 0) {
                copy.value(cell.bytes(), cell.from(), cell.to());
            } else if (field.otherwise() != null) {
                copy.value(field.otherwise(), 0, field.otherwise().length);
                defaulted |= field.bit();
            } else {
                copy.nothing();
            }
        }
        if (staged.defaulted()) {
            copy.put('\t');
            copy.number(defaulted);
        }
        return null;
    }

    private void read(RecordScanner record, byte[] bytes, int column) {
        if (header.exported()) {
            cell.readAll(record, bytes, column);
        } else {
            cell.read(record, bytes, column);
        }
        if (mayCombine) {
            cell.compose();
        }
    }

    private @Nullable Refused addStatus(ConsentReader consent, RecordScanner record, byte[] bytes) {
        Refused refused = consent.read(record, bytes);
        ContactStatus status = consent.status();
        copy.put('\t');
        if (status == null) {
            copy.nothing();
        } else {
            copy.ascii(status.name());
            lowers |= refused == null;
        }
        return refused;
    }

    private @Nullable Refused addAttributes(
            @Nullable String kind, RecordScanner record, byte[] bytes) {
        int mark = copy.length();
        copy.put('{');
        int count = 0;
        for (int n = 0; n < keys.length; n++) {
            byte[] key = keys[n];
            if (key == null) {
                continue;
            }
            read(record, bytes, n);
            if (cell.size() == 0) {
                continue;
            }
            if (count++ > 0) {
                copy.put(',');
            }
            copy.raw(key, 0, key.length);
            Named column = header.columns().get(n);
            String reason = attributes.write(column.type(), cell);
            if (reason != null) {
                return new Refused(column.name(), reason);
            }
        }
        if (kind != null) {
            copy.ascii((count++ > 0 ? "," : "") + "\"" + KIND + "\":\"" + kind + "\"");
        }
        copy.put('}');
        int size = copy.length() - mark;
        if (count > MAX_KEYS) {
            return new Refused(
                    null, "it has %d attributes, at most %d are kept".formatted(count, MAX_KEYS));
        }
        if (size > MAX_ATTRIBUTES) {
            return new Refused(
                    null, "its attributes take more than %d KiB".formatted(MAX_ATTRIBUTES >> 10));
        }
        largest = Math.max(largest, size);
        return null;
    }

    public int rows() {
        return rows;
    }

    public int addresses() {
        return addresses.count();
    }

    /** Bytes of the largest attributes of a row, as JSON with every backslash doubled. */
    public int largest() {
        return largest;
    }

    /** Whether any row states a status below {@code SUBSCRIBED}. */
    public boolean lowers() {
        return lowers;
    }

    public Staged staged() {
        return staged;
    }

    /**
     * Copies the rows into the temporary table in the caller's transaction; the commit deletes
     * them. The table is created once per connection: creating it for each slice costs more than
     * filling it, and leaves dead rows in the system catalog.
     */
    public void copyIn(Connection connection) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            // Enough memory to sort a slice. Without hash and merge joins PostgreSQL updates
            // contacts by their ids, even if stale statistics make table contact look small.
            statement.execute(
                    "SET LOCAL work_mem = '32MB'; SET LOCAL enable_hashjoin = off;"
                            + " SET LOCAL enable_mergejoin = off; "
                            + TABLE);
        }
        String columns =
                staged.fields().stream()
                        .map(field -> ", " + field.name())
                        .collect(Collectors.joining());
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "COPY import_row (line, email%s%s%s%s) FROM STDIN"
                                .formatted(
                                        columns,
                                        staged.defaulted() ? ", import_defaults" : "",
                                        staged.status() ? ", status" : "",
                                        staged.attributes() ? ", attributes" : ""),
                        new ByteArrayInputStream(copy.bytes(), 0, copy.length()),
                        1 << 16);
    }

    /**
     * The columns of the temporary table that are used besides line and address.
     *
     * @param defaulted whether the bits of the defaults are used
     * @param status whether a row may state a status
     * @param attributes whether there are attributes
     * @param yielding the attributes with the rule FILL
     */
    public record Staged(
            List<StagedField> fields,
            boolean defaulted,
            boolean status,
            boolean attributes,
            List<String> yielding) {

        /**
         * @param column of the file, or -1 for a field that has only a default
         * @param fill whether its rule is FILL
         * @param bit of {@code import_defaults}, where the file has the column and a default is
         *     given; else 0
         */
        public record StagedField(
                ContactField field,
                int column,
                boolean fill,
                int bit,
                byte @Nullable [] otherwise) {

            public String name() {
                return field.column();
            }
        }

        static Staged of(Header header) {
            List<StagedField> fields = new ArrayList<>();
            List<String> yielding = new ArrayList<>();
            List<Default> left = new ArrayList<>(header.defaults());
            boolean attributes = header.addresses().flags();
            for (int n = 0; n < header.columns().size(); n++) {
                Named column = header.columns().get(n);
                switch (column.becomes()) {
                    case Column.Field(ContactField field) -> {
                        if (field != ContactField.EMAIL) {
                            fields.add(mapped(field, n, column.fill(), left));
                        }
                    }
                    case Column.Attribute(String name) -> {
                        attributes = true;
                        if (column.fill()) {
                            yielding.add(name);
                        }
                    }
                    case Column.Status _, Column.Ignored _ -> {}
                }
            }
            for (Default unmapped : left) {
                fields.add(new StagedField(unmapped.field(), -1, true, 0, bytes(unmapped.value())));
            }
            boolean defaulted = fields.stream().anyMatch(field -> field.bit() != 0);
            return new Staged(fields, defaulted, header.asksForConsent(), attributes, yielding);
        }

        private static StagedField mapped(
                ContactField field, int column, boolean fill, List<Default> left) {
            for (Default given : left) {
                if (given.field() == field) {
                    left.remove(given);
                    return new StagedField(
                            field, column, fill, 1 << field.ordinal(), bytes(given.value()));
                }
            }
            return new StagedField(field, column, fill, 0, null);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
