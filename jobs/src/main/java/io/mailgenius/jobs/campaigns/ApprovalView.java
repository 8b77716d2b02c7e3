package io.mailgenius.jobs.campaigns;

import io.mailgenius.schema.ApprovalStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to approve a campaign.
 *
 * @param recipients how many there were when it was made
 * @param schedule when the campaign is to be sent; null for at once
 * @param requestedBy the name of the person or key
 * @param note why it was declined
 */
public record ApprovalView(
        ApprovalStatus status,
        long recipients,
        @Nullable Schedule schedule,
        String requestedBy,
        Instant requestedAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String note) {}
