package io.mailgenius.jobs.mails;

import io.mailgenius.jobs.mails.MailCheck.Attached;
import io.mailgenius.jobs.mails.MailView.MailEventView;
import io.mailgenius.jobs.mails.QueuedMail.Content;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.schema.MailStatus;
import io.mailgenius.schema.SuppressionReason;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code mail}, {@code mail_attachment} and {@code mail_event}. */
@Component
final class MailStore {

    static final int LEASE_SECONDS = 30;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final WorkspaceLimits limits;

    MailStore(JdbcClient jdbc, WorkspaceLimits limits) {
        this.jdbc = jdbc;
        this.limits = limits;
    }

    /**
     * Counts mails of this month, in the transaction that stores them.
     *
     * @throws Refusal.Conflict {@code mail-limit-reached} if they are too many
     */
    void count(int mails, Instant now) {
        String reason = limits.takeMails(mails, now);
        if (reason != null) {
            throw new Refusal.Conflict("mail-limit-reached", reason);
        }
    }

    /** A commit that was answered is on disk, whatever the server's default is. */
    void commitToDisk() {
        jdbc.sql(
                        """
                        SELECT set_config('synchronous_commit', 'on', true)
                         WHERE current_setting('synchronous_commit') = 'off'
                        """)
                .query((_, _) -> true)
                .list();
    }

    Map<String, SuppressionReason> suppressions(Collection<String> emails) {
        Map<String, SuppressionReason> reasons = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT email, reason FROM suppression
                         WHERE workspace_id = :workspace AND email = ANY (CAST(:emails AS text[]))
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", emails.toArray(String[]::new))
                .query(
                        row -> {
                            reasons.put(
                                    row.getString(1), SuppressionReason.valueOf(row.getString(2)));
                        });
        return reasons;
    }

    /**
     * A mail to be stored.
     *
     * @param claim null if it is not sent by this node at once
     */
    record NewMail(
            Content content,
            @Nullable Long templateId,
            MailStatus status,
            @Nullable String reason,
            Instant now,
            Instant due,
            @Nullable Claim claim) {}

    record Claim(UUID node, long account) {}

    long insert(NewMail mail) {
        Content content = mail.content();
        Claim claim = mail.claim();
        long id =
                jdbc.sql(
                                """
                                INSERT INTO mail (workspace_id, contact_id, email, sender, reply_to, subject, html, body,
                                                  headers, tags, template_id, status, reason, created_at, due_at,
                                                  next_attempt_at, owner, leased_until, offered_at, provider_account_id)
                                VALUES (:workspace, :contact, :email, :sender, :replyTo, :subject, :html, :text,
                                        CAST(:headers AS jsonb), CAST(:tags AS jsonb), :template, :status, :reason, :now,
                                        :due, :due, CAST(:node AS uuid),
                                        CASE WHEN CAST(:node AS uuid) IS NOT NULL
                                             THEN clock_timestamp() + make_interval(secs => :lease) END,
                                        CASE WHEN CAST(:node AS uuid) IS NOT NULL THEN CAST(:now AS timestamptz) END,
                                        :account)
                                RETURNING id
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("contact", content.contactId())
                        .param("email", content.email())
                        .param("sender", content.sender())
                        .param("replyTo", content.replyTo())
                        .param("subject", content.subject())
                        .param("html", content.html())
                        .param("text", content.text())
                        .param("headers", JSON.writeValueAsString(content.headers()))
                        .param("tags", JSON.writeValueAsString(content.tags()))
                        .param("template", mail.templateId())
                        .param("status", mail.status().name())
                        .param("reason", mail.reason())
                        .param("now", mail.now().atOffset(ZoneOffset.UTC))
                        .param("due", mail.due().atOffset(ZoneOffset.UTC))
                        .param("node", claim == null ? null : claim.node().toString())
                        .param("lease", LEASE_SECONDS)
                        .param("account", claim == null ? null : claim.account())
                        .query(Long.class)
                        .single();
        int position = 0;
        for (Attached file : content.attachments()) {
            jdbc.sql(
                            """
                            INSERT INTO mail_attachment (workspace_id, mail_id, position, name, media_type, content)
                            VALUES (:workspace, :mail, :position, :name, :type, :content)
                            """)
                    .param("workspace", WorkspaceScope.required())
                    .param("mail", id)
                    .param("position", position++)
                    .param("name", file.name())
                    .param("type", file.mediaType())
                    .param("content", file.content())
                    .update();
        }
        return id;
    }

    /** Mails of all workspaces that are due and sent by nobody. */
    record Due(long workspace, long mail) {}

    List<Due> due(Instant now, int most) {
        return jdbc.sql("SELECT workspace, mail FROM mails_due(:now, :most)")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .query((row, _) -> new Due(row.getLong(1), row.getLong(2)))
                .list();
    }

    /**
     * Claims a mail of the current workspace. One whose address was suppressed meanwhile ends here.
     *
     * @param account of mails that were not offered yet
     */
    Optional<QueuedMail> claim(long id, UUID node, long account, Instant now) {
        boolean suppressed =
                jdbc.sql(
                                        """
                                        UPDATE mail m SET status = 'SUPPRESSED', reason = s.reason, owner = NULL, leased_until = NULL
                                          FROM suppression s
                                         WHERE m.workspace_id = :workspace AND m.id = :id AND m.status = 'QUEUED'
                                           AND m.offered_at IS NULL
                                           AND s.workspace_id = m.workspace_id AND s.email = m.email
                                           AND s.reason <> 'UNSUBSCRIBED'
                                        """)
                                .param("workspace", WorkspaceScope.required())
                                .param("id", id)
                                .update()
                        == 1;
        if (suppressed) {
            return Optional.empty();
        }
        return jdbc.sql(
                        """
                        UPDATE mail
                           SET owner = :node, leased_until = clock_timestamp() + make_interval(secs => :lease),
                               offered_at = coalesce(offered_at, :now),
                               provider_account_id = coalesce(provider_account_id, :account)
                         WHERE workspace_id = :workspace AND id = :id AND status = 'QUEUED'
                           AND (leased_until IS NULL OR leased_until < clock_timestamp())
                           AND workspace_id <> ALL (ARRAY(SELECT suspended_workspaces()))
                        RETURNING contact_id, email, sender, reply_to, subject, html, body, headers, tags,
                                  provider_account_id, offered_at, attempts
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("node", node)
                .param("lease", LEASE_SECONDS)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("account", account)
                .query((row, _) -> queued(id, row))
                .optional();
    }

    private QueuedMail queued(long id, ResultSet row) throws SQLException {
        return new QueuedMail(
                id,
                new Content(
                        row.getObject("contact_id", Long.class),
                        row.getString("email"),
                        row.getString("sender"),
                        row.getString("reply_to"),
                        row.getString("subject"),
                        row.getString("html"),
                        row.getString("body"),
                        JSON.readValue(row.getString("headers"), TEXTS),
                        JSON.readValue(row.getString("tags"), TEXTS),
                        attachments(id)),
                row.getLong("provider_account_id"),
                row.getObject("offered_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"));
    }

    private List<Attached> attachments(long id) {
        return jdbc.sql(
                        """
                        SELECT name, media_type, content FROM mail_attachment
                         WHERE workspace_id = :workspace AND mail_id = :mail ORDER BY position
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("mail", id)
                .query(
                        (row, _) ->
                                new Attached(row.getString(1), row.getString(2), row.getBytes(3)))
                .list();
    }

    /** An event may have come before, and says more. */
    void sent(long id, @Nullable String providerId, Instant at) {
        jdbc.sql(
                        """
                        UPDATE mail
                           SET status = CASE WHEN status IN ('QUEUED', 'UNKNOWN') THEN 'SENT' ELSE status END,
                               provider_id = coalesce(:provider, provider_id), sent_at = coalesce(sent_at, :at),
                               reason = NULL, owner = NULL, leased_until = NULL
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("provider", providerId)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
        forgetAttachments(id);
    }

    void ended(long id, MailStatus status, String reason) {
        jdbc.sql(
                        """
                        UPDATE mail SET status = :status, reason = :reason, owner = NULL, leased_until = NULL
                         WHERE workspace_id = :workspace AND id = :id AND status = 'QUEUED'
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("status", status.name())
                .param("reason", reason)
                .update();
        forgetAttachments(id);
    }

    private void forgetAttachments(long id) {
        jdbc.sql("DELETE FROM mail_attachment WHERE workspace_id = :workspace AND mail_id = :mail")
                .param("workspace", WorkspaceScope.required())
                .param("mail", id)
                .update();
    }

    /** Gives a mail back, to be sent again at that time. */
    void later(long id, UUID node, Instant at, String reason) {
        jdbc.sql(
                        """
                        UPDATE mail
                           SET owner = NULL, leased_until = NULL, next_attempt_at = :at, reason = :reason,
                               attempts = attempts + 1
                         WHERE workspace_id = :workspace AND id = :id AND owner = :node AND status = 'QUEUED'
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("node", node)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("reason", reason)
                .update();
    }

    /** One that was not offered yet. */
    boolean cancel(long id) {
        return jdbc.sql(
                                """
                                UPDATE mail SET status = 'CANCELLED'
                                 WHERE workspace_id = :workspace AND id = :id AND status = 'QUEUED' AND offered_at IS NULL
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .update()
                == 1;
    }

    private static final String COLUMNS =
            """
            SELECT id, status, email, contact_id, sender, subject, tags, reason, provider_id, created_at, due_at, sent_at
              FROM mail WHERE workspace_id = :workspace
            """;

    Optional<MailView> find(long id) {
        return jdbc.sql(COLUMNS + " AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query((row, _) -> view(row, events(id)))
                .optional();
    }

    private List<MailEventView> events(long id) {
        return jdbc.sql(
                        """
                        SELECT type, occurred_at FROM mail_event
                         WHERE workspace_id = :workspace AND mail_id = :mail ORDER BY occurred_at, type
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("mail", id)
                .query(
                        (row, _) ->
                                new MailEventView(
                                        row.getString(1),
                                        row.getObject(2, OffsetDateTime.class).toInstant()))
                .list();
    }

    /** In the order of the ids, without events. */
    List<MailView> all(Collection<Long> ids) {
        return jdbc.sql(COLUMNS + " AND id = ANY (CAST(:ids AS bigint[])) ORDER BY id")
                .param("workspace", WorkspaceScope.required())
                .param("ids", ids.toArray(Long[]::new))
                .query((row, _) -> view(row, List.of()))
                .list();
    }

    /** The newest first. */
    List<MailView> page(@Nullable String email, long after, int rows) {
        return jdbc.sql(
                        COLUMNS
                                + """
                                 AND (CAST(:email AS text) IS NULL OR email = CAST(:email AS text))
                                 AND (:after = 0 OR id < :after) ORDER BY id DESC LIMIT :rows
                                """)
                .param("workspace", WorkspaceScope.required())
                .param("email", email)
                .param("after", after)
                .param("rows", rows)
                .query((row, _) -> view(row, List.of()))
                .list();
    }

    private static MailView view(ResultSet row, List<MailEventView> events) throws SQLException {
        OffsetDateTime sent = row.getObject("sent_at", OffsetDateTime.class);
        return new MailView(
                row.getLong("id"),
                MailStatus.valueOf(row.getString("status")),
                row.getString("email"),
                row.getObject("contact_id", Long.class),
                row.getString("sender"),
                row.getString("subject"),
                Objects.requireNonNull(JSON.readValue(row.getString("tags"), TEXTS)),
                row.getString("reason"),
                row.getString("provider_id"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                sent == null ? null : sent.toInstant(),
                events);
    }
}
