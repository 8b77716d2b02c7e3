package io.mailgenius.jobs.imports.merge;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Makes people mailable again who had said no, because whoever imports them says why that is right:
 * their suppressions go, and table consent_change keeps what was, contact by contact.
 */
final class Resubscription {

    private Resubscription() {}

    /** Suppressions before contacts, and in order, as whoever suppresses takes them. */
    static void lock(Connection connection, long workspaceId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT 1 FROM suppression
                         WHERE workspace_id = ? AND email IN (SELECT email FROM import_row)
                         ORDER BY email FOR UPDATE
                        """)) {
            statement.setLong(1, workspaceId);
            statement.execute();
        }
    }

    /** After the merge, which has changed the contacts' status. */
    static void audit(Connection connection, long workspaceId, long importId, String reason)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH %s, freed AS (
                            SELECT c.id, c.email, s.reason, s.source,
                                   coalesce(c.import_before ->> 'status',
                                            CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END) AS was
                              FROM latest l
                              CROSS JOIN %s
                              LEFT JOIN suppression s ON s.workspace_id = c.workspace_id AND s.email = c.email
                             WHERE c.import_id = ? AND c.import_line = l.line AND c.status = 'SUBSCRIBED'
                               AND (s.email IS NOT NULL OR c.import_before ->> 'status' IN %s)
                        ), audited AS (
                            INSERT INTO consent_change (workspace_id, contact_id, email, was, suppression,
                                                        suppressed_by, reason, import_id)
                            SELECT ?, id, email, was, reason, source, ?, ? FROM freed
                            ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING
                        )
                        DELETE FROM suppression s USING freed
                         WHERE s.workspace_id = ? AND s.email = freed.email
                        """
                                .formatted(
                                        MergeFragments.LATEST,
                                        MergeFragments.contactOf(
                                                "l", workspaceId, MergeFragments.APART),
                                        MergeFragments.UNWILLING))) {
            statement.setLong(1, importId);
            statement.setLong(2, workspaceId);
            statement.setString(3, reason);
            statement.setLong(4, importId);
            statement.setLong(5, workspaceId);
            statement.executeUpdate();
        }
    }
}
