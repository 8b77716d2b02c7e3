package io.mailgenius.jobs.mails;

import io.mailgenius.schema.MailStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transactional mail.
 *
 * @param to the address
 * @param reason why it was not sent, or not yet
 * @param dueAt when it is sent
 * @param sentAt when the provider accepted it
 * @param events what was reported about it, the first first; empty in lists
 */
public record MailView(
        long id,
        MailStatus status,
        String to,
        @Nullable Long contactId,
        String from,
        String subject,
        Map<String, String> tags,
        @Nullable String reason,
        @Nullable String providerId,
        Instant createdAt,
        Instant dueAt,
        @Nullable Instant sentAt,
        List<MailEventView> events) {

    /**
     * @param type an event type
     */
    public record MailEventView(String type, Instant occurredAt) {}
}
