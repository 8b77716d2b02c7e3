package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table send: a row per recipient that says what became of the mail. */
final class SendStore {

    private final JdbcClient jdbc;

    SendStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Send(
            long contactId,
            SendStatus status,
            @Nullable String reason,
            @Nullable String providerId,
            @Nullable Trace trace) {

        Send(long contactId, SendStatus status, @Nullable String reason, @Nullable String id) {
            this(contactId, status, reason, id, null);
        }
    }

    /** Of a mail that may have gone out: under which key, and from when on. */
    record Trace(String batchKey, Instant plannedAt) {}

    /**
     * A row that is there already breaks the key, and with it the chunk: nobody is counted twice.
     */
    void insert(long workspaceId, long campaignId, List<Send> sends, Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, provider_id, recorded_at)
                        SELECT :workspace, :campaign, s.contact_id, s.status, s.reason, s.provider_id, :now
                          FROM unnest(:contacts::bigint[], :statuses::text[], :reasons::text[], :providerIds::text[])
                               AS s (contact_id, status, reason, provider_id)
                        """)
                .param("workspace", workspaceId)
                .param("campaign", campaignId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("contacts", sends.stream().mapToLong(Send::contactId).toArray())
                .param(
                        "statuses",
                        sends.stream().map(s -> s.status().name()).toArray(String[]::new))
                .param("reasons", sends.stream().map(Send::reason).toArray(String[]::new))
                .param("providerIds", sends.stream().map(Send::providerId).toArray(String[]::new))
                .update();
        trace(
                workspaceId,
                campaignId,
                sends.stream().filter(send -> send.trace() != null).toList());
    }

    /** A statement of its own, since hardly any chunk has such a mail. */
    private void trace(long workspaceId, long campaignId, List<Send> unknown) {
        if (unknown.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        UPDATE send s SET batch_key = t.batch_key, planned_at = t.planned_at::timestamptz
                          FROM unnest(:contacts::bigint[], :keys::text[], :moments::text[])
                               AS t (contact_id, batch_key, planned_at)
                         WHERE s.workspace_id = :workspace AND s.campaign_id = :campaign
                           AND s.contact_id = t.contact_id
                        """)
                .param("workspace", workspaceId)
                .param("campaign", campaignId)
                .param("contacts", unknown.stream().mapToLong(Send::contactId).toArray())
                .param("keys", keys(unknown))
                .param("moments", moments(unknown))
                .update();
    }

    static @Nullable String[] keys(List<Send> sends) {
        return sends.stream()
                .map(send -> send.trace() == null ? null : send.trace().batchKey())
                .toArray(String[]::new);
    }

    static @Nullable String[] moments(List<Send> sends) {
        return sends.stream()
                .map(send -> send.trace() == null ? null : send.trace().plannedAt().toString())
                .toArray(String[]::new);
    }
}
