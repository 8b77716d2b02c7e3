package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a campaign's mail to one recipient.
 *
 * @param email the current address; null if the contact was deleted since
 * @param reason why there was no mail, or why an unconfirmed mail counts as sent
 * @param providerId the provider's id of the mail; null if only a repetition confirmed it
 * @param recordedAt when the outcome was stored
 * @param deliveredAt the first such event, as the campaign's figures count it; likewise the others
 * @param unknown what is known of a mail without an outcome; otherwise null
 */
public record SendView(
        long contactId,
        @Nullable String email,
        SendStatus status,
        @Nullable String reason,
        @Nullable String providerId,
        Instant recordedAt,
        @Nullable Instant deliveredAt,
        @Nullable Instant openedAt,
        @Nullable Instant clickedAt,
        @Nullable Instant bouncedAt,
        @Nullable Instant complainedAt,
        @Nullable Unknown unknown) {

    /**
     * What a person needs to decide about a mail without an outcome.
     *
     * @param plannedAt the time from which it may have been sent
     * @param batchKey the idempotency key under which the provider may know it
     * @param beingSentAgain a person has decided, and a job is sending it
     * @param cameBack types of the events that were received for it
     */
    public record Unknown(
            @Nullable Instant plannedAt,
            @Nullable String batchKey,
            boolean beingSentAgain,
            List<String> cameBack) {}
}
