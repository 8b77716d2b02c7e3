package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table send: a row per recipient with the outcome of the mail. */
@Component
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

        private boolean isSent() {
            return status == SendStatus.SENT;
        }
    }

    /** The key and time of a mail that may have been sent. */
    record Trace(String batchKey, Instant plannedAt) {}

    /**
     * An existing row violates the primary key and fails the chunk: no recipient is counted twice.
     */
    void insert(long workspaceId, long campaignId, List<Send> sends, Instant now) {
        List<Send> sent = sends.stream().filter(Send::isSent).toList();
        List<Send> others = sends.stream().filter(send -> !send.isSent()).toList();
        insertSent(workspaceId, campaignId, sent, now);
        insertOthers(workspaceId, campaignId, others, now);
    }

    /** Most rows have the same status, so it is written once. */
    private void insertSent(long workspaceId, long campaignId, List<Send> sent, Instant now) {
        if (sent.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, provider_id, recorded_at)
                        SELECT :workspace, :campaign, s.contact_id, 'SENT', s.provider_id, :now
                          FROM unnest(:contacts::bigint[], :providerIds::text[]) AS s (contact_id, provider_id)
                        """)
                .param("workspace", workspaceId)
                .param("campaign", campaignId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("contacts", sent.stream().mapToLong(Send::contactId).toArray())
                .param("providerIds", sent.stream().map(Send::providerId).toArray(String[]::new))
                .update();
    }

    private void insertOthers(long workspaceId, long campaignId, List<Send> others, Instant now) {
        if (others.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, provider_id, recorded_at,
                                          batch_key, planned_at)
                        SELECT :workspace, :campaign, s.contact_id, s.status, s.reason, s.provider_id, :now,
                               s.batch_key, s.planned_at::timestamptz
                          FROM unnest(:contacts::bigint[], :statuses::text[], :reasons::text[], :providerIds::text[],
                                      :keys::text[], :moments::text[])
                               AS s (contact_id, status, reason, provider_id, batch_key, planned_at)
                        """)
                .param("workspace", workspaceId)
                .param("campaign", campaignId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("contacts", others.stream().mapToLong(Send::contactId).toArray())
                .param(
                        "statuses",
                        others.stream().map(s -> s.status().name()).toArray(String[]::new))
                .param("reasons", others.stream().map(Send::reason).toArray(String[]::new))
                .param("providerIds", others.stream().map(Send::providerId).toArray(String[]::new))
                .param("keys", keys(others))
                .param("moments", moments(others))
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
