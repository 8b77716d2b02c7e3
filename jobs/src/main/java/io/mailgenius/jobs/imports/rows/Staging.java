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
 * Rows on their way into table contact: gathered as the text of a COPY, and copied into a temporary
 * table, since row-level security admits no COPY into contact itself. {@link Merge} takes them from
 * there.
 */
public final class Staging {

    /** For a row that is small enough, of a contact that is not. */
    public static final String TOO_MANY =
            "the contact would have more than 200 attributes, or 64 KiB of them";

    /** A contact's attributes as JSON. */
    private static final int MAX_ATTRIBUTES = 64 * 1024;

    private static final int MAX_KEYS = 200;

    /** The attribute of a contact that says what kind of address it has. */
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
     * @param copy what the rows are written into; empty, and nobody else's
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

    /** Why a row is not taken. */
    record Refused(@Nullable String column, String reason) {}

    /** Whether a text of the rows to come may be in another form than C. */
    void mayCombine(boolean mayCombine) {
        this.mayCombine = mayCombine;
    }

    /**
     * Null if it is taken.
     *
     * @param kind what the contact's attribute {@code address_kind} becomes; null leaves it
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

    /** Whether any row says that somebody does not want mail. */
    public boolean lowers() {
        return lowers;
    }

    public Staged staged() {
        return staged;
    }

    /**
     * In the caller's transaction, at whose end the rows are gone. The table stays for as long as
     * the connection does: to make one for each slice costs more than to fill it, and leaves the
     * catalog full of dead rows.
     */
    public void copyIn(Connection connection) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            // A slice is sorted in memory; and what was looked up is updated by its id, instead of
            // by a join with all contacts, which PostgreSQL may hold for few.
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
     * Which columns the temporary table has besides line and address.
     *
     * @param defaulted whether the bits of defaults are among them
     * @param status whether a row may say that somebody does not want mail
     * @param attributes whether attributes are
     * @param yielding the attributes that yield to what the contact has
     */
    public record Staged(
            List<StagedField> fields,
            boolean defaulted,
            boolean status,
            boolean attributes,
            List<String> yielding) {

        /**
         * @param column of the file, or -1 for one that is all default
         * @param fill whether it yields to what the contact has
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
