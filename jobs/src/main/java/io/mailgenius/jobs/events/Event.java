package io.mailgenius.jobs.events;

import io.mailgenius.schema.SuppressionReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a mail. The send it belongs to is named by campaign and contact, so
 * that an event may come before we learned what the provider calls the mail.
 *
 * @param type an {@link EventType}, or the provider's own word for what we do not know
 * @param messageId what a repetition of the same message repeats; one that was seen is not stored
 * @param detail JSON
 * @param suppresses why the address must not be mailed again, if that follows from it
 * @param email the address that was mailed, if we are told; else it is taken for the one that the
 *     contact has now
 */
public record Event(
        long workspaceId,
        Instant occurredAt,
        @Nullable Long campaignId,
        @Nullable Long contactId,
        String type,
        String messageId,
        @Nullable String providerId,
        @Nullable String detail,
        @Nullable SuppressionReason suppresses,
        @Nullable String email) {

    public Event(
            long workspaceId,
            Instant occurredAt,
            @Nullable Long campaignId,
            @Nullable Long contactId,
            String type,
            String messageId,
            @Nullable String providerId,
            @Nullable String detail,
            @Nullable SuppressionReason suppresses) {
        this(
                workspaceId,
                occurredAt,
                campaignId,
                contactId,
                type,
                messageId,
                providerId,
                detail,
                suppresses,
                null);
    }

    Event of(long workspace) {
        return new Event(
                workspace,
                occurredAt,
                campaignId,
                contactId,
                type,
                messageId,
                providerId,
                detail,
                suppresses,
                email);
    }
}
