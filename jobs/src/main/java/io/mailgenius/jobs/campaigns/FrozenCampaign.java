package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.links.Utm;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A launched campaign, whose content does not change any more. */
public record FrozenCampaign(
        long id,
        UUID sendKey,
        String name,
        String subject,
        String from,
        @Nullable String replyTo,
        @Nullable String html,
        @Nullable String text,
        Audience audience,
        @Nullable Long topicId,
        @Nullable String postalAddress,
        CampaignTracking tracking,
        Utm utm,
        Timing timing,
        @Nullable Instant launchedAt) {

    FrozenCampaign saying(@Nullable String otherHtml, @Nullable String otherText) {
        return new FrozenCampaign(
                id,
                sendKey,
                name,
                subject,
                from,
                replyTo,
                otherHtml,
                otherText,
                audience,
                topicId,
                postalAddress,
                tracking,
                utm,
                timing,
                launchedAt);
    }

    FrozenCampaign from(@Nullable String otherPostalAddress) {
        return new FrozenCampaign(
                id,
                sendKey,
                name,
                subject,
                from,
                replyTo,
                html,
                text,
                audience,
                topicId,
                otherPostalAddress,
                tracking,
                utm,
                timing,
                launchedAt);
    }
}
