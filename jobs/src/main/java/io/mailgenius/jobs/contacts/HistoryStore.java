package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.contacts.HistoryItem.Kind;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from other tables what is known about a contact. */
final class HistoryStore {

    private static final Place FIRST = new Place(Instant.parse("9999-12-31T00:00:00Z"), "");

    private final JdbcClient jdbc;

    HistoryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The end of a page. The key distinguishes entries of the same time. */
    private record Place(Instant at, String key) {

        static Place of(@Nullable String after) {
            if (after == null) {
                return FIRST;
            }
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8)
                                .split("\\|", 2);
                return new Place(Instant.parse(parts[0]), parts[1]);
            } catch (IllegalArgumentException
                    | DateTimeException
                    | ArrayIndexOutOfBoundsException e) {
                throw new Refusal.Invalid(
                        "after-is-no-place", "after is what the page before gave as next.");
            }
        }

        String word() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((at + "|" + key).getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Row(HistoryItem item, Place place) {}

    /** Queries sends by campaign, because their primary key begins with it. */
    Page<HistoryItem> page(long contactId, @Nullable String after, int limit) {
        Place place = Place.of(after);
        List<Row> rows =
                jdbc.sql(
                                """
                                SELECT * FROM (
                                    SELECT created_at AS at, 'CREATED' AS kind, 'created' AS what,
                                           NULL::bigint AS import_id, NULL::bigint AS line,
                                           NULL::bigint AS campaign_id, NULL AS reason, 'a' AS key
                                      FROM contact WHERE workspace_id = :workspace AND id = :contact
                                    UNION ALL
                                    SELECT coalesce((c.import_before ->> 'set')::timestamptz,
                                                    CASE c.import_outcome WHEN 'C' THEN c.created_at
                                                                          ELSE i.created_at END),
                                           'IMPORT',
                                           CASE c.import_outcome WHEN 'C' THEN 'created' WHEN 'U' THEN 'updated'
                                                                 ELSE 'unchanged' END,
                                           c.import_id, c.import_line, NULL, NULL, 'b'
                                      FROM contact c
                                      JOIN import i ON i.workspace_id = c.workspace_id AND i.id = c.import_id
                                     WHERE c.workspace_id = :workspace AND c.id = :contact
                                    UNION ALL
                                    SELECT changed_at, 'CONSENT', was, import_id, NULL, NULL, reason, 'c' || id
                                      FROM consent_change
                                     WHERE workspace_id = :workspace AND contact_id = :contact
                                    UNION ALL
                                    SELECT decided_at, 'CONSENT', was, NULL, NULL, NULL, words, 'cc' || id
                                      FROM consent
                                     WHERE workspace_id = :workspace AND contact_id = :contact
                                    UNION ALL
                                    SELECT s.recorded_at, 'SEND', s.status, NULL, NULL, p.id, s.reason, 'd' || p.id
                                      FROM campaign p
                                      JOIN send s ON s.workspace_id = :workspace AND s.campaign_id = p.id
                                                 AND s.contact_id = :contact
                                     WHERE p.workspace_id = :workspace
                                    UNION ALL
                                    SELECT occurred_at, 'EVENT', type, NULL, NULL, campaign_id, NULL,
                                           'e' || message_id || type
                                      FROM event WHERE workspace_id = :workspace AND contact_id = :contact
                                    UNION ALL
                                    SELECT occurred_at, 'ACTIVITY', name, NULL, NULL, NULL, NULL, 'f' || event_id
                                      FROM activity WHERE workspace_id = :workspace AND contact_id = :contact
                                    UNION ALL
                                    SELECT created_at, 'MAIL', status, NULL, NULL, NULL, reason, 'g' || id
                                      FROM mail WHERE workspace_id = :workspace AND contact_id = :contact
                                ) happened
                                 WHERE (at, key COLLATE "C") < (:at, :key)
                                 ORDER BY at DESC, key COLLATE "C" DESC LIMIT :rows
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("contact", contactId)
                        .param("at", place.at().atOffset(ZoneOffset.UTC))
                        .param("key", place.key())
                        .param("rows", Page.rows(limit))
                        .query(HistoryStore::row)
                        .list();
        List<HistoryItem> items = rows.stream().limit(limit).map(Row::item).toList();
        return new Page<>(items, rows.size() <= limit ? null : rows.get(limit - 1).place().word());
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        Instant at = ContactStore.instant(row, "at");
        return new Row(
                new HistoryItem(
                        at,
                        Kind.valueOf(row.getString("kind")),
                        row.getString("what"),
                        row.getObject("import_id", Long.class),
                        row.getObject("line", Long.class),
                        row.getObject("campaign_id", Long.class),
                        row.getString("reason")),
                new Place(at, row.getString("key")));
    }
}
