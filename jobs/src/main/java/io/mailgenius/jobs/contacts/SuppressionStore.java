package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.SuppressionReason;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code suppression}, and its effect on the status of contacts. */
final class SuppressionStore {

    private final JdbcClient jdbc;

    SuppressionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(String[] emails, SuppressionReason reason, String source) {
        jdbc.sql(
                        """
                        INSERT INTO suppression AS s (workspace_id, email, reason, source)
                        SELECT :workspace, e, :reason, :source
                          FROM unnest(CAST(:emails AS text[])) e
                         ORDER BY e
                        ON CONFLICT (workspace_id, email) DO UPDATE
                           SET reason = excluded.reason, source = excluded.source
                         WHERE array_position(:weight, excluded.reason)
                             > array_position(:weight, s.reason)
                        """
                                .replace(
                                        ":weight",
                                        "ARRAY['MANUAL', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED']"))
                .param("workspace", WorkspaceScope.required())
                .param("reason", reason.name())
                .param("source", source)
                .param("emails", emails)
                .update();
        // Locked in one order for the same reason as above. A contact that is created
        // concurrently and does not see the row is skipped by the campaign, which checks
        // suppressions itself.
        jdbc.sql(
                        """
                        WITH suppressed AS (
                            SELECT c.id
                              FROM contact c
                             WHERE c.workspace_id = :workspace
                               AND c.email = ANY (CAST(:emails AS text[]))
                             ORDER BY c.id
                               FOR UPDATE)
                        UPDATE contact c
                           SET status = CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END,
                               updated_at = now()
                          FROM suppressed, suppression s
                         WHERE c.workspace_id = :workspace AND c.id = suppressed.id
                           AND s.workspace_id = c.workspace_id AND s.email = c.email
                           AND c.status <> CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", emails)
                .update();
    }

    String[] addresses(Long[] contactIds) {
        return jdbc.sql(
                        """
                        SELECT email FROM contact WHERE workspace_id = :workspace AND id = ANY (:ids)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", contactIds)
                .query((row, _) -> row.getString("email"))
                .list()
                .toArray(String[]::new);
    }

    Optional<SuppressionView> find(EmailAddress email) {
        return jdbc.sql(
                        """
                        SELECT email, reason, source, created_at
                          FROM suppression
                         WHERE workspace_id = :workspace AND email = :email
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("email", email.value())
                .query(SuppressionStore::view)
                .optional();
    }

    /** Locks the suppression until the end of the transaction. */
    Optional<SuppressionReason> lock(EmailAddress email) {
        return jdbc.sql(
                        """
                        SELECT reason FROM suppression
                         WHERE workspace_id = :workspace AND email = :email FOR UPDATE
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("email", email.value())
                .query((row, _) -> SuppressionReason.valueOf(row.getString("reason")))
                .optional();
    }

    List<SuppressionView> page(String after, int rows) {
        return jdbc.sql(
                        """
                        SELECT email, reason, source, created_at
                          FROM suppression
                         WHERE workspace_id = :workspace AND email > :after
                         ORDER BY email
                         LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("after", after)
                .param("rows", rows)
                .query(SuppressionStore::view)
                .list();
    }

    boolean remove(EmailAddress email) {
        return jdbc.sql(
                                """
                                DELETE FROM suppression
                                 WHERE workspace_id = :workspace AND email = :email
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("email", email.value())
                        .update()
                == 1;
    }

    boolean remove(EmailAddress email, String source) {
        return jdbc.sql(
                                """
                                DELETE FROM suppression
                                 WHERE workspace_id = :workspace AND email = :email AND source = :source
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("email", email.value())
                        .param("source", source)
                        .update()
                == 1;
    }

    private static SuppressionView view(ResultSet row, int number) throws SQLException {
        return new SuppressionView(
                row.getString("email"),
                SuppressionReason.valueOf(row.getString("reason")),
                row.getString("source"),
                ContactStore.instant(row, "created_at"));
    }
}
