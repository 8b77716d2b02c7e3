package io.mailgenius.jobs.imports.merge;

import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.schema.ContactStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The statuses that the rows of a slice state. A status is only lowered, from {@code SUBSCRIBED}
 * down to {@code COMPLAINED}, and the lowest one of all rows of an address counts: the order of
 * rows decides about values, not about consent.
 */
final class FileConsent {

    /** From the highest status to the lowest. */
    private static final String ORDER =
            Arrays.stream(ContactStatus.values())
                    .map(status -> "'" + status + "'")
                    .collect(Collectors.joining(", ", "ARRAY[", "]"));

    private static final String SPREAD =
            """
            WITH lowest AS (
                SELECT email, (${order})[max(array_position(${order}, status))] AS status
                  FROM import_row WHERE status IS NOT NULL GROUP BY email
            )
            UPDATE import_row r SET status = lowest.status FROM lowest
             WHERE r.email = lowest.email AND r.status IS DISTINCT FROM lowest.status
            """;

    private static final String SUPPRESS =
            """
            WITH lowest AS (
                SELECT email, (${order})[max(array_position(${order}, status))] AS status
                  FROM import_row WHERE status IS NOT NULL GROUP BY email
            ), affected AS (
                SELECT lowest.email, lowest.status, c.id, c.status AS was, c.import_id, c.import_outcome
                  FROM lowest
                  LEFT JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = lowest.email ${fence}) c ON true
                 WHERE ${isAffected}
            ), suppressed AS (
                INSERT INTO suppression AS s (workspace_id, email, reason, source)
                SELECT ${workspace}, email, status, ? FROM affected WHERE status <> 'PENDING' ORDER BY email
                ON CONFLICT (workspace_id, email) DO UPDATE SET reason = excluded.reason
                 WHERE s.source = excluded.source AND ${isReasonLower}
            )
            INSERT INTO consent_change (workspace_id, contact_id, email, was, reason, import_id)
            SELECT ${workspace}, id, email, was, 'the imported file says ' || status, ${import} FROM affected
             WHERE id IS NOT NULL AND (import_id IS DISTINCT FROM ${import} OR import_outcome <> ${CREATED})
            ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING
            """;

    private FileConsent() {}

    /** An SQL condition: whether one status is lower than the other. A status of null is not. */
    static String isBelow(String one, String other) {
        return "array_position(%1$s, %2$s) > coalesce(array_position(%1$s, %3$s), 0)"
                .formatted(ORDER, one, other);
    }

    /** An SQL expression: the status after a row has stated another one, or null. */
    static String lower(String status, String stated) {
        return "CASE WHEN %1$s THEN %2$s ELSE %3$s END"
                .formatted(isBelow(stated, status), stated, status);
    }

    /** Sets the lowest status that the slice states of an address in all rows of that address. */
    static void spread(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL enable_hashjoin = on");
            statement.executeUpdate(spreadSql());
            statement.execute("SET LOCAL enable_hashjoin = off");
        }
    }

    static String spreadSql() {
        return new SqlTemplate(SPREAD).with("order", ORDER).sql();
    }

    /**
     * Suppresses the addresses whose contacts the merge will create or lower, and records the
     * previous status of the contacts. All code that suppresses locks suppressions before contacts
     * and in order of address, so that transactions cannot deadlock.
     */
    static void suppress(Connection connection, long workspaceId, long importId, Mode mode)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(suppressSql(workspaceId, importId, mode))) {
            statement.setString(1, source(importId));
            statement.executeUpdate();
        }
    }

    static String suppressSql(long workspaceId, long importId, Mode mode) {
        String isLower = isBelow("lowest.status", "c.status");
        return new SqlTemplate(SUPPRESS)
                .with("order", ORDER)
                .with("workspace", workspaceId)
                .with("import", importId)
                .with(
                        "isAffected",
                        switch (mode) {
                            case CREATE_OR_UPDATE -> "c.id IS NULL OR " + isLower;
                            case UPDATE -> "c.id IS NOT NULL AND " + isLower;
                            case CREATE ->
                                    "c.id IS NULL OR c.import_id = %d AND %s"
                                            .formatted(importId, isLower);
                        })
                .with("isReasonLower", isBelow("excluded.reason", "s.reason"))
                .sql();
    }

    /** The source of the suppressions that an import makes. */
    static String source(long importId) {
        return "import " + importId;
    }
}
