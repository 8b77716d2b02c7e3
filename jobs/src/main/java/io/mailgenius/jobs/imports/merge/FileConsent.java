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
 * What the rows of a slice say about who does not want mail. A status only goes down, from {@code
 * SUBSCRIBED} to {@code COMPLAINED}, and any row of an address counts: the order of rows decides
 * about values and not about consent.
 */
final class FileConsent {

    /** From the most willing to the least. */
    private static final String ORDER =
            Arrays.stream(ContactStatus.values())
                    .map(status -> "'" + status + "'")
                    .collect(Collectors.joining(", ", "ARRAY[", "]"));

    private static final String LOWEST =
            """
            low AS (SELECT email, (%1$s)[max(array_position(%1$s, status))] AS status
                      FROM import_row WHERE status IS NOT NULL GROUP BY email)"""
                    .formatted(ORDER);

    private FileConsent() {}

    /** In SQL: whether one status is less willing than the other; not so where it is null. */
    static String isBelow(String one, String other) {
        return "array_position(%1$s, %2$s) > coalesce(array_position(%1$s, %3$s), 0)"
                .formatted(ORDER, one, other);
    }

    /** In SQL: the status after a row has said something, or null. */
    static String lower(String status, String said) {
        return "CASE WHEN %1$s THEN %2$s ELSE %3$s END"
                .formatted(isBelow(said, status), said, status);
    }

    /** All rows of an address say what the least willing one of the slice does. */
    static void spread(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL enable_hashjoin = on");
            statement.executeUpdate(
                    """
                    WITH %s
                    UPDATE import_row r SET status = low.status FROM low
                     WHERE r.email = low.email AND r.status IS DISTINCT FROM low.status
                    """
                            .formatted(LOWEST));
            statement.execute("SET LOCAL enable_hashjoin = off");
        }
    }

    /**
     * Suppresses the addresses whose contacts the merge is going to lower or to make, and writes
     * down what the contacts were. Suppressions before contacts, and in order, as whoever
     * suppresses takes them.
     */
    static void suppress(Connection connection, long workspaceId, long importId, Mode mode)
            throws SQLException {
        String met =
                switch (mode) {
                    case CREATE_OR_UPDATE -> "c.id IS NULL OR %s";
                    case UPDATE -> "c.id IS NOT NULL AND %s";
                    case CREATE -> "c.id IS NULL OR c.import_id = " + importId + " AND %s";
                };
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH %1$s, met AS (
                            SELECT low.email, low.status, c.id, c.status AS was, c.import_id, c.import_outcome
                              FROM low LEFT JOIN %2$s ON true
                             WHERE %3$s
                        ), suppressed AS (
                            INSERT INTO suppression AS s (workspace_id, email, reason, source)
                            SELECT %4$d, email, status, ? FROM met WHERE status <> 'PENDING' ORDER BY email
                            ON CONFLICT (workspace_id, email) DO UPDATE SET reason = excluded.reason
                             WHERE s.source = excluded.source AND %5$s
                        )
                        INSERT INTO consent_change (workspace_id, contact_id, email, was, reason, import_id)
                        SELECT %4$d, id, email, was, 'the imported file says ' || status, %6$d FROM met
                         WHERE id IS NOT NULL AND (import_id IS DISTINCT FROM %6$d OR import_outcome <> 'C')
                        ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING
                        """
                                .formatted(
                                        LOWEST,
                                        MergeFragments.contactOf(
                                                "low", workspaceId, MergeFragments.APART),
                                        met.formatted(isBelow("low.status", "c.status")),
                                        workspaceId,
                                        isBelow("excluded.reason", "s.reason"),
                                        importId))) {
            statement.setString(1, source(importId));
            statement.executeUpdate();
        }
    }

    /** Of a suppression that a file has made. */
    static String source(long importId) {
        return "import " + importId;
    }
}
