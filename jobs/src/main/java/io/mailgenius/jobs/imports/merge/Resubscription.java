package io.mailgenius.jobs.imports.merge;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Resubscribes contacts that do not want mail, for the reason that the import's options give.
 * Deletes their suppressions, and records the previous status and suppression of each contact in
 * table consent_change.
 */
final class Resubscription {

    /** Suppressions are locked before contacts and in order of address. */
    static final String LOCK =
            """
            SELECT 1 FROM suppression
             WHERE workspace_id = ? AND email IN (SELECT email FROM import_row)
             ORDER BY email FOR UPDATE
            """;

    private static final String AUDIT =
            """
            WITH latest AS (
                SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
            ), resubscribed AS (
                SELECT c.id, c.email, s.reason, s.source,
                       coalesce(c.import_before ->> 'status',
                                CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END) AS was
                  FROM latest l
                 CROSS JOIN LATERAL (
                       SELECT * FROM contact
                        WHERE workspace_id = ${workspace} AND email = l.email ${fence}) c
                  LEFT JOIN suppression s ON s.workspace_id = c.workspace_id AND s.email = c.email
                 WHERE c.import_id = ${import} AND c.import_line = l.line AND c.status = 'SUBSCRIBED'
                   AND (s.email IS NOT NULL OR c.import_before ->> 'status' IN ${unwilling})
            ), audited AS (
                INSERT INTO consent_change (workspace_id, contact_id, email, was, suppression,
                                            suppressed_by, reason, import_id)
                SELECT ${workspace}, id, email, was, reason, source, ?, ${import} FROM resubscribed
                ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING
            )
            DELETE FROM suppression s USING resubscribed
             WHERE s.workspace_id = ${workspace} AND s.email = resubscribed.email
            """;

    private Resubscription() {}

    static void lock(Connection connection, long workspaceId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setLong(1, workspaceId);
            statement.execute();
        }
    }

    /** Runs after the merge, which has changed the status of the contacts. */
    static void audit(Connection connection, long workspaceId, long importId, String reason)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(auditSql(workspaceId, importId))) {
            statement.setString(1, reason);
            statement.executeUpdate();
        }
    }

    static String auditSql(long workspaceId, long importId) {
        return new SqlTemplate(AUDIT)
                .with("workspace", workspaceId)
                .with("import", importId)
                .with("unwilling", MergeFragments.UNWILLING)
                .sql();
    }
}
