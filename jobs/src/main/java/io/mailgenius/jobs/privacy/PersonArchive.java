package io.mailgenius.jobs.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.schema.WorkspaceScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Collects what the current workspace knows about an address: a ZIP with a JSON file per kind. */
final class PersonArchive {

    private static final Map<String, String> QUERIES = new LinkedHashMap<>();

    static {
        QUERIES.put(
                "contact",
                "SELECT * FROM contact WHERE workspace_id = :workspace AND id = ANY (:ids)");
        QUERIES.put(
                "lists",
                """
                SELECT l.name, m.added_at FROM list_member m
                  JOIN list l ON l.workspace_id = m.workspace_id AND l.id = m.list_id
                 WHERE m.workspace_id = :workspace AND m.contact_id = ANY (:ids) ORDER BY l.name
                """);
        QUERIES.put(
                "topics",
                """
                SELECT t.name, c.* FROM topic_choice c
                  JOIN topic t ON t.workspace_id = c.workspace_id AND t.id = c.topic_id
                 WHERE c.workspace_id = :workspace AND c.contact_id = ANY (:ids) ORDER BY t.name
                """);
        QUERIES.put(
                "segments",
                """
                SELECT s.name FROM segment_member m
                  JOIN segment s ON s.workspace_id = m.workspace_id AND s.id = m.segment_id
                 WHERE m.workspace_id = :workspace AND m.contact_id = ANY (:ids) ORDER BY s.name
                """);
        QUERIES.put(
                "consents",
                """
                SELECT * FROM consent
                 WHERE workspace_id = :workspace AND (contact_id = ANY (:ids) OR email = :email) ORDER BY id
                """);
        QUERIES.put(
                "consent-changes",
                """
                SELECT * FROM consent_change
                 WHERE workspace_id = :workspace AND (contact_id = ANY (:ids) OR email = :email) ORDER BY id
                """);
        QUERIES.put(
                "suppressions",
                "SELECT * FROM suppression WHERE workspace_id = :workspace AND email = :email");
        QUERIES.put(
                "form-requests",
                """
                SELECT id, form_id, email, first_name, last_name, attributes, consent_text, ip, user_agent, status,
                       reason, requested_at, confirmed_at
                  FROM form_request WHERE workspace_id = :workspace AND email = :email ORDER BY id
                """);
        QUERIES.put(
                "sends",
                """
                SELECT p.name AS campaign, s.* FROM campaign p
                  JOIN send s ON s.workspace_id = :workspace AND s.campaign_id = p.id AND s.contact_id = ANY (:ids)
                 WHERE p.workspace_id = :workspace ORDER BY p.id
                """);
        QUERIES.put(
                "events",
                """
                SELECT occurred_at, campaign_id, contact_id, type, provider_id, detail, received_at FROM event
                 WHERE workspace_id = :workspace AND contact_id = ANY (:ids) ORDER BY occurred_at
                """);
        QUERIES.put(
                "activities",
                """
                SELECT event_id, name, occurred_at, value, currency, properties, received_at FROM activity
                 WHERE workspace_id = :workspace AND contact_id = ANY (:ids) ORDER BY occurred_at
                """);
        QUERIES.put(
                "mails",
                """
                SELECT id, contact_id, email, sender, subject, html, body, tags, status, reason, created_at, sent_at
                  FROM mail
                 WHERE workspace_id = :workspace AND (contact_id = ANY (:ids) OR email = :email) ORDER BY id
                """);
        QUERIES.put(
                "engagement",
                """
                SELECT * FROM engagement
                 WHERE workspace_id = :workspace AND contact_id = ANY (:ids) ORDER BY campaign_id
                """);
        QUERIES.put(
                "test-mails",
                """
                SELECT campaign_id, email, sent_at FROM test_mail
                 WHERE workspace_id = :workspace AND email = :email ORDER BY id
                """);
        QUERIES.put(
                "rejected-rows",
                """
                SELECT import_id, line, column_name, reason, raw FROM import_reject
                 WHERE workspace_id = :workspace AND position(:email IN lower(raw)) > 0 ORDER BY import_id, line
                """);
        QUERIES.put(
                "audit",
                """
                SELECT at, actor, action, noun, target, before, after FROM audit_entry
                 WHERE workspace_id = :workspace
                   AND (noun = 'contact' AND target = ANY (:ids::bigint[]::text[])
                        OR noun = 'suppression' AND target = :email)
                 ORDER BY id
                """);
    }

    private final JdbcClient jdbc;

    PersonArchive(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Every kind has a file, also one of which there is nothing. */
    byte[] of(String email) {
        Long[] ids = ids(email).toArray(Long[]::new);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive, UTF_8)) {
            for (Map.Entry<String, String> query : QUERIES.entrySet()) {
                zip.putNextEntry(new ZipEntry(query.getKey() + ".json"));
                zip.write(rows(query.getValue(), email, ids).getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot be written", e);
        }
        return archive.toByteArray();
    }

    private List<Long> ids(String email) {
        return jdbc.sql(
                        """
                        SELECT id FROM contact WHERE workspace_id = :workspace AND email = :email
                        UNION SELECT contact_id FROM consent WHERE workspace_id = :workspace AND email = :email
                        UNION SELECT contact_id FROM consent_change WHERE workspace_id = :workspace AND email = :email
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("email", email)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    private String rows(String query, String email, Long[] ids) {
        List<String> rows =
                jdbc.sql("SELECT (to_jsonb(r) - 'workspace_id')::text FROM (" + query + ") r")
                        .param("workspace", WorkspaceScope.required())
                        .param("email", email)
                        .param("ids", ids)
                        .query((row, _) -> row.getString(1))
                        .list();
        return rows.isEmpty() ? "[]\n" : "[\n" + String.join(",\n", rows) + "\n]\n";
    }
}
