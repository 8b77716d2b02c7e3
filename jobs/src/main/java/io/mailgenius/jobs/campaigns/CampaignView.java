package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.schema.CampaignStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A campaign with its counts.
 *
 * @param problem why it is paused or failed
 * @param waiting why nothing is sent at the moment, and until when
 * @param approval the last request to approve it; null if there was none
 * @param sendsForgottenAt when its sends were purged; null if they were not
 */
public record CampaignView(
        long id,
        String name,
        String subject,
        String from,
        @Nullable String replyTo,
        @Nullable Long templateId,
        Audience audience,
        @Nullable Long topicId,
        CampaignTracking tracking,
        Utm utm,
        Timing timing,
        CampaignStatus status,
        @Nullable Instant scheduledAt,
        @Nullable Instant launchedAt,
        @Nullable Instant finishedAt,
        @Nullable String problem,
        @Nullable String waiting,
        @Nullable Instant sendsForgottenAt,
        @Nullable Long jobExecutionId,
        Instant createdAt,
        @Nullable ApprovalView approval,
        @Nullable Long brandId,
        Counts counts) {

    /**
     * Counts of the ledger, and of the unknown mails that were settled since.
     *
     * @param recipients the frozen audience, as far as it is enumerated
     * @param skipped suppressed or unsubscribed between the launch and their mail
     * @param unknown perhaps accepted by the provider: an operator decides
     */
    public record Counts(long recipients, long sent, long failed, long skipped, long unknown) {

        Counts settled(long nowSent, long nowFailed, long nowSkipped) {
            return new Counts(
                    recipients,
                    sent + nowSent,
                    failed + nowFailed,
                    skipped + nowSkipped,
                    unknown - nowSent - nowFailed - nowSkipped);
        }
    }
}
