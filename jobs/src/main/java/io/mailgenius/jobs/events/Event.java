package io.mailgenius.jobs.events;

import io.mailgenius.schema.SuppressionReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a mail. It refers to its send by campaign and contact, so that it may arrive before
 * the provider's message id was stored.
 *
 * @param type an {@link EventType}, or the provider's name of a type that is not known
 * @param messageId the deduplication key; an event with a known key is not stored
 * @param detail JSON
 * @param suppresses why the address must be suppressed; null if it must not
 * @param email the address that was mailed; null for the current address of the contact
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
