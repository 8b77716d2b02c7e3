package io.mailgenius.jobs.privacy;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Erases addresses from every table of the current workspace, in the caller's transaction. Rows of
 * which figures are made (sends, events, engagement) stay with a number that names nobody any more,
 * and lose everything else that was about the person.
 */
final class Eraser {

    static final String CONTACTS = "contacts";
    static final String RECORDS = "records";

    /** By the address, or the number that a contact with this address has or had. */
    private static final List<String> DELETED =
            List.of(
                    "DELETE FROM list_member WHERE workspace_id = :workspace AND contact_id = ANY (:ids)",
                    "DELETE FROM segment_member WHERE workspace_id = :workspace AND contact_id = ANY (:ids)",
                    "DELETE FROM topic_choice WHERE workspace_id = :workspace AND contact_id = ANY (:ids)",
                    """
                    DELETE FROM consent
                     WHERE workspace_id = :workspace AND (contact_id = ANY (:ids) OR email = ANY (:emails))
                    """,
                    """
                    DELETE FROM consent_change
                     WHERE workspace_id = :workspace AND (contact_id = ANY (:ids) OR email = ANY (:emails))
                    """,
                    "DELETE FROM activity WHERE workspace_id = :workspace AND contact_id = ANY (:ids)",
                    """
                    DELETE FROM mail
                     WHERE workspace_id = :workspace AND (contact_id = ANY (:ids) OR email = ANY (:emails))
                    """,
                    """
                    DELETE FROM endpoint_attempt a USING endpoint_delivery d
                     WHERE a.workspace_id = :workspace AND d.workspace_id = :workspace
                       AND d.id = a.delivery_id AND d.contact_id = ANY (:ids)
                    """,
                    """
                    DELETE FROM endpoint_delivery WHERE workspace_id = :workspace AND contact_id = ANY (:ids)
                    """,
                    "DELETE FROM form_request WHERE workspace_id = :workspace AND email = ANY (:emails)",
                    "DELETE FROM import_trial WHERE workspace_id = :workspace AND email = ANY (:emails)",
                    "DELETE FROM test_mail WHERE workspace_id = :workspace AND email = ANY (:emails)",
                    "DELETE FROM suppression WHERE workspace_id = :workspace AND email = ANY (:emails)");

    private static final List<String> EMPTIED =
            List.of(
                    """
                    UPDATE send s
                       SET provider_id = NULL,
                           reason = CASE WHEN s.status <> 'SENT' THEN 'the address was erased' END
                      FROM campaign p
                     WHERE p.workspace_id = :workspace AND s.workspace_id = :workspace
                       AND s.campaign_id = p.id AND s.contact_id = ANY (:ids)
                    """,
                    """
                    UPDATE event
                       SET provider_id = NULL,
                           detail = (SELECT jsonb_object_agg(d.key, d.value) FROM jsonb_each(detail) d
                                      WHERE d.key IN ('machine', 'mailbox'))
                     WHERE workspace_id = :workspace AND contact_id = ANY (:ids)
                    """,
                    """
                    UPDATE event SET provider_id = NULL, detail = NULL
                     WHERE workspace_id = :workspace AND contact_id IS NULL
                       AND lower(detail::text) LIKE ANY (:patterns)
                    """,
                    """
                    UPDATE import_reject SET raw = '', reason = 'the address was erased'
                     WHERE workspace_id = :workspace
                       AND (lower(raw) LIKE ANY (:patterns) OR lower(reason) LIKE ANY (:patterns))
                    """);

    private final JdbcClient jdbc;

    Eraser(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    ChunkCounts erase(Collection<String> emails) {
        String[] addresses = emails.toArray(String[]::new);
        Set<Long> present = new LinkedHashSet<>(contacts(addresses));
        Set<Long> known = new LinkedHashSet<>(present);
        known.addAll(former(addresses));
        Long[] ids = known.toArray(Long[]::new);
        String[] patterns = emails.stream().map(Eraser::pattern).toArray(String[]::new);
        jdbc.sql("DELETE FROM contact WHERE workspace_id = :workspace AND id = ANY (:ids)")
                .param("workspace", WorkspaceScope.required())
                .param("ids", present.toArray(Long[]::new))
                .update();
        long records = 0;
        for (String statement : DELETED) {
            records +=
                    jdbc.sql(statement)
                            .param("workspace", WorkspaceScope.required())
                            .param("ids", ids)
                            .param("emails", addresses)
                            .update();
        }
        for (String statement : EMPTIED) {
            records +=
                    jdbc.sql(statement)
                            .param("workspace", WorkspaceScope.required())
                            .param("ids", ids)
                            .param("patterns", patterns)
                            .update();
        }
        return new ChunkCounts(Map.of(CONTACTS, (long) present.size(), RECORDS, records));
    }

    private List<Long> contacts(String[] emails) {
        return jdbc.sql(
                        """
                        SELECT id FROM contact
                         WHERE workspace_id = :workspace AND email = ANY (:emails) ORDER BY id FOR UPDATE
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", emails)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** Of contacts that were deleted before. */
    private List<Long> former(String[] emails) {
        return jdbc.sql(
                        """
                        SELECT contact_id FROM consent WHERE workspace_id = :workspace AND email = ANY (:emails)
                        UNION
                        SELECT contact_id FROM consent_change
                         WHERE workspace_id = :workspace AND email = ANY (:emails)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", emails)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    private static String pattern(String email) {
        return "%" + email.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }
}
