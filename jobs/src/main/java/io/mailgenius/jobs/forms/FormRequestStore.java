package io.mailgenius.jobs.forms;

import io.mailgenius.jobs.contacts.ConsentEvidence;
import io.mailgenius.schema.FormRequestStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Table form_request. */
final class FormRequestStore {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    FormRequestStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Needs no workspace scope, because it determines the workspace. */
    OptionalLong workspaceOf(UUID token) {
        return jdbc
                .sql("SELECT workspace_of_form_request(:token)")
                .param("token", token)
                .query((row, _) -> row.getLong(1))
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    List<Long> workspacesWithDue(Instant now, Instant forgotten) {
        return jdbc.sql("SELECT workspaces_with_due_form_requests(:now, :forgotten)")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("forgotten", forgotten.atOffset(ZoneOffset.UTC))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** Serializes requests for one address, so that the second sees the first. */
    void lock(String email) {
        sql("SELECT pg_advisory_xact_lock(hashtextextended('form-request ' || :workspace || :email, 0))")
                .param("email", email)
                .query((_, _) -> true)
                .list();
    }

    /** The number of confirmation mails requested for this address, over all forms. */
    int countRequests(String email, Instant since) {
        return sql("""
                   SELECT count(*) FROM form_request
                    WHERE workspace_id = :workspace AND email = :email AND requested_at > :since
                      AND status <> 'IGNORED'
                   """)
                .param("email", email)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query((row, _) -> row.getInt(1))
                .single();
    }

    void insert(
            FormView form,
            String email,
            FormEntry entry,
            ConsentEvidence evidence,
            @Nullable String ignored,
            Instant now) {
        sql("""
            INSERT INTO form_request (workspace_id, form_id, email, first_name, last_name, attributes,
                                      consent_text, ip, user_agent, status, reason, due_at, requested_at)
            VALUES (:workspace, :form, :email, :first, :last, CAST(:attributes AS jsonb),
                    :consent, :ip, :agent, :status, :reason, :now, :now)
            """)
                .param("form", form.id())
                .param("email", email)
                .param("first", entry.firstName(), Types.VARCHAR)
                .param("last", entry.lastName(), Types.VARCHAR)
                .param(
                        "attributes",
                        JSON.writeValueAsString(
                                entry.attributes() == null ? Map.of() : entry.attributes()))
                .param("consent", form.consentText())
                .param("ip", evidence.ip(), Types.VARCHAR)
                .param("agent", evidence.userAgent(), Types.VARCHAR)
                .param(
                        "status",
                        (ignored == null ? FormRequestStatus.QUEUED : FormRequestStatus.IGNORED)
                                .name())
                .param("reason", ignored, Types.VARCHAR)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    List<Long> due(Instant now, int rows) {
        return sql("""
                   SELECT id FROM form_request
                    WHERE workspace_id = :workspace AND status = 'QUEUED' AND due_at <= :now
                    ORDER BY due_at, id LIMIT :rows
                   """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("rows", rows)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /**
     * A request whose mail is about to be sent.
     *
     * @param since the time of the first attempt
     * @param maybeBefore whether an earlier attempt may have been accepted
     * @param contactId null if the contact has been deleted
     */
    record Due(
            long id,
            long formId,
            String email,
            UUID token,
            UUID sendKey,
            int attempts,
            Instant since,
            boolean maybeBefore,
            long account,
            @Nullable Long contactId) {}

    /**
     * Recorded before the call, so that a repetition knows of this attempt and goes through the
     * same account.
     */
    Optional<Due> begin(long id, Instant now) {
        return sql("""
                   UPDATE form_request r
                      SET attempts = attempts + 1, maybe_since = coalesce(maybe_since, :now),
                          provider_account_id = coalesce(
                              CASE WHEN maybe_since IS NOT NULL THEN coalesce(provider_account_id, 0) END,
                              (SELECT a.id FROM provider_account a
                                WHERE a.workspace_id = r.workspace_id AND a.retired_at IS NULL),
                              0)
                    WHERE workspace_id = :workspace AND id = :id AND status = 'QUEUED'
                   RETURNING r.*, r.maybe_since <> :now AS maybe_before,
                             (SELECT c.id FROM contact c
                                    WHERE c.workspace_id = r.workspace_id AND c.email = r.email) AS contact_id
                   """)
                .param("id", id)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(
                        (row, _) ->
                                new Due(
                                        row.getLong("id"),
                                        row.getLong("form_id"),
                                        row.getString("email"),
                                        row.getObject("token", UUID.class),
                                        row.getObject("send_key", UUID.class),
                                        row.getInt("attempts"),
                                        instant(row, "maybe_since"),
                                        row.getBoolean("maybe_before"),
                                        row.getLong("provider_account_id"),
                                        row.getObject("contact_id", Long.class)))
                .optional();
    }

    void ended(long id, FormRequestStatus status, @Nullable String reason) {
        sql("""
            UPDATE form_request SET status = :status, reason = :reason
             WHERE workspace_id = :workspace AND id = :id AND status = 'QUEUED'
            """)
                .param("id", id)
                .param("status", status.name())
                .param("reason", reason, Types.VARCHAR)
                .update();
    }

    /**
     * @param taken whether the provider may have accepted the attempt
     */
    void retry(long id, Instant due, String reason, boolean taken) {
        sql("""
            UPDATE form_request
               SET due_at = :due, reason = :reason,
                   maybe_since = CASE WHEN :taken THEN maybe_since END
             WHERE workspace_id = :workspace AND id = :id AND status = 'QUEUED'
            """)
                .param("id", id)
                .param("due", due.atOffset(ZoneOffset.UTC))
                .param("reason", reason)
                .param("taken", taken)
                .update();
    }

    /** A request that can be confirmed or has been confirmed. */
    record PendingConfirmation(
            long id,
            long formId,
            FormRequestStatus status,
            FormEntry entry,
            String consentText,
            @Nullable String ip,
            Instant requestedAt) {}

    Optional<PendingConfirmation> find(UUID token, boolean forUpdate) {
        return sql("SELECT * FROM form_request WHERE workspace_id = :workspace AND token = :token"
                        + (forUpdate ? " FOR UPDATE" : ""))
                .param("token", token)
                .query(
                        (row, _) ->
                                new PendingConfirmation(
                                        row.getLong("id"),
                                        row.getLong("form_id"),
                                        FormRequestStatus.valueOf(row.getString("status")),
                                        new FormEntry(
                                                row.getString("email"),
                                                row.getString("first_name"),
                                                row.getString("last_name"),
                                                JSON.readValue(
                                                        row.getString("attributes"),
                                                        new TypeReference<
                                                                Map<String, Object>>() {})),
                                        row.getString("consent_text"),
                                        row.getString("ip"),
                                        instant(row, "requested_at")))
                .optional();
    }

    void confirmed(long id, Instant now) {
        sql("""
            UPDATE form_request SET status = 'CONFIRMED', confirmed_at = :now
             WHERE workspace_id = :workspace AND id = :id
            """)
                .param("id", id)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    List<FormRequestView> page(
            long formId, @Nullable FormRequestStatus status, long before, int rows) {
        return sql("""
                   SELECT * FROM form_request
                    WHERE workspace_id = :workspace AND form_id = :form AND (:before = 0 OR id < :before)
                      AND (:status::text IS NULL OR status = :status)
                    ORDER BY id DESC LIMIT :rows
                   """)
                .param("form", formId)
                .param("before", before)
                .param("status", status == null ? null : status.name(), Types.VARCHAR)
                .param("rows", rows)
                .query(
                        (row, _) -> {
                            OffsetDateTime confirmed =
                                    row.getObject("confirmed_at", OffsetDateTime.class);
                            return new FormRequestView(
                                    row.getLong("id"),
                                    row.getString("email"),
                                    FormRequestStatus.valueOf(row.getString("status")),
                                    row.getString("reason"),
                                    row.getInt("attempts"),
                                    instant(row, "requested_at"),
                                    confirmed == null ? null : confirmed.toInstant());
                        })
                .list();
    }

    /**
     * @return the addresses of purged requests that have no other request
     */
    List<String> forget(Instant before) {
        return sql("""
                   WITH gone AS (
                       DELETE FROM form_request
                        WHERE workspace_id = :workspace AND status <> 'CONFIRMED' AND requested_at < :before
                       RETURNING email
                   )
                   SELECT DISTINCT email FROM gone
                    WHERE NOT EXISTS (SELECT FROM form_request r
                                       WHERE r.workspace_id = :workspace AND r.email = gone.email
                                         AND (r.status = 'CONFIRMED' OR r.requested_at >= :before))
                   """)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .query((row, _) -> row.getString(1))
                .list();
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
