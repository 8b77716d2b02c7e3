package io.mailgenius.jobs.endpoints;

import io.mailgenius.schema.DeliveryStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to an endpoint.
 *
 * @param messageId the header {@code webhook-id} of every attempt
 * @param payload the body of every attempt
 * @param attempts how many there were
 * @param nextAttemptAt null unless it is pending
 * @param log the attempts, the first one first; empty in lists
 */
public record DeliveryView(
        long id,
        String messageId,
        String type,
        @Nullable Long contactId,
        String payload,
        DeliveryStatus status,
        int attempts,
        Instant createdAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant endedAt,
        List<AttemptView> log) {

    /**
     * @param at the time in the header {@code webhook-timestamp}
     * @param millis how long it took
     * @param httpStatus null if there was no answer
     * @param answer the beginning of the answer's body
     * @param error why there was no answer
     */
    public record AttemptView(
            int number,
            Instant at,
            int millis,
            @Nullable Integer httpStatus,
            @Nullable String answer,
            @Nullable String error) {}
}
