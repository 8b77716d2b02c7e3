package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.Counts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Rows on their way into table contact: gathered as the text of a COPY, copied into a temporary
 * table (row-level security admits no COPY into contact itself), and merged in one statement.
 */
final class Staging {

    private final Header header;
    private final List<ContactField> fields = new ArrayList<>();
    private final StringBuilder copy;
    private final boolean attributes;
    private int rows;

    Staging(Header header, int expectedCharacters) {
        this.header = header;
        this.copy = new StringBuilder(expectedCharacters);
        for (Column column : header.columns()) {
            if (column instanceof Column.Field(ContactField field) && field != ContactField.EMAIL) {
                fields.add(field);
            }
        }
        this.attributes = header.columns().stream().anyMatch(Column.Attribute.class::isInstance);
    }

    void add(long line, String email, CSVRecord record) {
        copy.append(line).append('\t');
        CopyText.value(copy, email);
        for (int n = 0; n < header.columns().size(); n++) {
            if (header.columns().get(n) instanceof Column.Field(ContactField field)
                    && field != ContactField.EMAIL) {
                copy.append('\t');
                CopyText.valueOrNull(copy, record.get(n).strip());
            }
        }
        if (attributes) {
            copy.append('\t');
            addAttributes(record);
        }
        copy.append('\n');
        rows++;
    }

    private void addAttributes(CSVRecord record) {
        copy.append('{');
        boolean first = true;
        for (int n = 0; n < header.columns().size(); n++) {
            if (header.columns().get(n) instanceof Column.Attribute(String name)) {
                String value = record.get(n).strip();
                if (!value.isEmpty()) {
                    if (!first) {
                        copy.append(',');
                    }
                    first = false;
                    CopyText.json(copy, name);
                    copy.append(':');
                    CopyText.jsonValue(copy, value);
                }
            }
        }
        copy.append('}');
    }

    int rows() {
        return rows;
    }

    /**
     * In the caller's transaction. The merge takes addresses in order, so that two workers which
     * meet the same ones wait for each other instead of deadlocking.
     */
    Counts merge(Connection connection, long workspaceId, long importId, @Nullable Long listId)
            throws SQLException, IOException {
        if (rows == 0) {
            return Counts.NONE;
        }
        copyIn(connection);
        Map<String, Long> outcomes = new HashMap<>();
        try (PreparedStatement merge = connection.prepareStatement(mergeSql(listId != null))) {
            merge.setLong(1, workspaceId);
            merge.setLong(2, importId);
            if (listId != null) {
                merge.setLong(3, workspaceId);
                merge.setLong(4, listId);
            }
            try (ResultSet row = merge.executeQuery()) {
                while (row.next()) {
                    outcomes.put(row.getString(1), row.getLong(2));
                }
            }
        }
        long created = outcomes.getOrDefault("C", 0L);
        long updated = outcomes.getOrDefault("U", 0L);
        long unchanged = outcomes.getOrDefault("N", 0L);
        return new Counts(
                Map.of(
                        ImportCounts.CREATED, created,
                        ImportCounts.UPDATED, updated,
                        ImportCounts.UNCHANGED, unchanged,
                        ImportCounts.DUPLICATE, rows - created - updated - unchanged));
    }

    private void copyIn(Connection connection) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS pg_temp.import_row");
            statement.execute(
                    "CREATE TEMP TABLE import_row (line bigint, email text COLLATE \"C\""
                            + fields.stream()
                                    .map(field -> ", " + field.column() + " text")
                                    .collect(Collectors.joining())
                            + (attributes ? ", attributes jsonb" : "")
                            + ") ON COMMIT DROP");
        }
        byte[] bytes = copy.toString().getBytes(StandardCharsets.UTF_8);
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY import_row FROM STDIN", new ByteArrayInputStream(bytes));
    }

    /**
     * Of rows with the same address the last one of the file counts. An empty cell leaves what the
     * contact has. A row that an earlier worker's later row has overtaken is not written and not
     * returned.
     */
    private String mergeSql(boolean joinsList) {
        List<String> columns = new ArrayList<>(fields.stream().map(ContactField::column).toList());
        if (attributes) {
            columns.add("attributes");
        }
        String names = columns.stream().map(c -> ", " + c).collect(Collectors.joining());
        Map<String, String> merged =
                columns.stream()
                        .collect(
                                Collectors.toMap(
                                        c -> c,
                                        c ->
                                                c.equals("attributes")
                                                        ? "c.attributes || excluded.attributes"
                                                        : "coalesce(excluded.%1$s, c.%1$s)"
                                                                .formatted(c)));
        String changed =
                columns.isEmpty()
                        ? "false"
                        : "(%s) IS DISTINCT FROM (%s)"
                                .formatted(
                                        columns.stream()
                                                .map(c -> "c." + c)
                                                .collect(Collectors.joining(", ")),
                                        columns.stream()
                                                .map(merged::get)
                                                .collect(Collectors.joining(", ")));
        String assignments =
                columns.stream()
                        .map(c -> c + " = " + merged.get(c) + ",\n       ")
                        .collect(Collectors.joining());
        return """
        WITH latest AS (
            SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
        ), merged AS (
            INSERT INTO contact AS c (workspace_id, email%1$s, import_id, import_line, import_outcome)
            SELECT ?, email%1$s, ?, line, 'C' FROM latest ORDER BY email
            ON CONFLICT (workspace_id, email) DO UPDATE
               SET %2$simport_id = excluded.import_id,
                   import_line = excluded.import_line,
                   updated_at = CASE WHEN %3$s THEN now() ELSE c.updated_at END,
                   import_outcome = CASE WHEN c.import_id = excluded.import_id THEN 'D'
                                         WHEN %3$s THEN 'U' ELSE 'N' END
             WHERE c.import_id IS DISTINCT FROM excluded.import_id OR c.import_line < excluded.import_line
            RETURNING c.id, c.import_outcome
        )%4$s
        SELECT import_outcome::text, count(*) FROM merged GROUP BY 1
        """
                .formatted(
                        names,
                        assignments,
                        changed,
                        joinsList
                                ? """
                                , joined AS (
                                    INSERT INTO list_member (workspace_id, list_id, contact_id)
                                    SELECT ?, ?, id FROM merged ORDER BY id ON CONFLICT DO NOTHING
                                )"""
                                : "");
    }
}
