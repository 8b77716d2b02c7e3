package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the mail to one recipient of a campaign.
 *
 * @param email as it is now; null if the contact was deleted since
 * @param reason why there was no mail, or why one is held for sent that nobody had confirmed
 * @param providerId what the provider calls the mail; null if only a repetition told us of it
 * @param recordedAt when the outcome was written down
 * @param deliveredAt when this first came back, as the figures of the campaign count it; so the
 *     others
 * @param unknown what is known of a mail without an outcome; null of every other
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
     * What a person who decides about it has to go by.
     *
     * @param plannedAt from when on it may have gone out
     * @param batchKey the idempotency key under which the provider may know it
     * @param beingSentAgain somebody has decided, and a job is at it
     * @param cameBack types of the events that have come back for it
     */
    public record Unknown(
            @Nullable Instant plannedAt,
            @Nullable String batchKey,
            boolean beingSentAgain,
            List<String> cameBack) {}
}
