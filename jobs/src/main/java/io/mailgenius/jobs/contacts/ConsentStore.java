package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table consent. Rows are inserted and never changed. */
final class ConsentStore {

    private final JdbcClient jdbc;

    ConsentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(
            ContactView before,
            ConsentAct act,
            String source,
            String words,
            @Nullable FormConsent formConsent,
            ConsentEvidence evidence,
            Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO consent (workspace_id, contact_id, email, act, was, source, words, consent_text,
                                             ip, user_agent, requested_at, requested_ip, decided_at)
                        VALUES (:workspace, :contact, :email, :act, :was, :source, :words, :text,
                                :ip, :agent, :requestedAt, :requestedIp, :now)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("contact", before.id())
                .param("email", before.email())
                .param("act", act.name())
                .param("was", before.status().name())
                .param("source", source)
                .param("words", words)
                .param("text", formConsent == null ? null : formConsent.text(), Types.VARCHAR)
                .param("ip", evidence.ip(), Types.VARCHAR)
                .param("agent", evidence.userAgent(), Types.VARCHAR)
                .param(
                        "requestedAt",
                        formConsent == null
                                ? null
                                : formConsent.requestedAt().atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param(
                        "requestedIp",
                        formConsent == null ? null : formConsent.requestedIp(),
                        Types.VARCHAR)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void insertAll(
            Collection<Long> contactIds, ConsentAct act, String source, String words, Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO consent (workspace_id, contact_id, email, act, was, source, words, decided_at)
                        SELECT workspace_id, id, email, :act, status, :source, :words, :now
                          FROM contact
                         WHERE workspace_id = :workspace AND id = ANY (CAST(:ids AS bigint[]))
                         ORDER BY id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", contactIds.toArray(Long[]::new))
                .param("act", act.name())
                .param("source", source)
                .param("words", words)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    List<ConsentView> page(long contactId, long before, int rows) {
        return jdbc.sql(
                        """
                        SELECT * FROM consent
                         WHERE workspace_id = :workspace AND contact_id = :contact
                           AND (:before = 0 OR id < :before)
                         ORDER BY id DESC LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("contact", contactId)
                .param("before", before)
                .param("rows", rows)
                .query(ConsentStore::view)
                .list();
    }

    private static ConsentView view(ResultSet row, int number) throws SQLException {
        OffsetDateTime requested = row.getObject("requested_at", OffsetDateTime.class);
        return new ConsentView(
                row.getLong("id"),
                row.getString("email"),
                ConsentAct.valueOf(row.getString("act")),
                ContactStatus.valueOf(row.getString("was")),
                row.getString("source"),
                row.getString("words"),
                row.getString("consent_text"),
                row.getString("ip"),
                row.getString("user_agent"),
                requested == null ? null : requested.toInstant(),
                row.getString("requested_ip"),
                ContactStore.instant(row, "decided_at"));
    }
}
