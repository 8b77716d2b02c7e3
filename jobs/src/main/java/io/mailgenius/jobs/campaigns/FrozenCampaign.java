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
        @Nullable Instant launchedAt,
        Brand brand) {

    /**
     * What of a brand is in the mails.
     *
     * @param id null for none
     * @param trackingDomain null for the installation's
     */
    public record Brand(
            @Nullable Long id, @Nullable String name, @Nullable String trackingDomain) {}

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
                launchedAt,
                brand);
    }

    FrozenCampaign from(@Nullable String otherPostalAddress, Brand otherBrand) {
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
                launchedAt,
                otherBrand);
    }
}
