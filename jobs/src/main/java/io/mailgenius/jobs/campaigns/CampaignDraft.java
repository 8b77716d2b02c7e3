package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.schema.Priority;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a draft, as a person writes them.
 *
 * @param from an address, or {@code Name <address>}
 * @param templateId the template of the content, unless html or text is given
 * @param topicId contacts who opted out of this topic are left out
 * @param mjml takes the place of html, which is made from it when the draft is created
 * @param tracking null for the setting of the workspace
 * @param utm null for none
 * @param ratePerMinute the largest number of mails in any minute
 */
public record CampaignDraft(
        @Nullable String name,
        @Nullable String subject,
        @Nullable String from,
        @Nullable String replyTo,
        @Nullable Long templateId,
        @Nullable String mjml,
        @Nullable String html,
        @Nullable String text,
        @Nullable Audience audience,
        @Nullable Long topicId,
        @Nullable CampaignTracking tracking,
        @Nullable Utm utm,
        @Nullable SendWindow window,
        @Nullable Integer ratePerMinute,
        @Nullable WarmUp warmUp,
        @Nullable Priority priority) {

    /** Without a topic, tracked as the workspace says, and without timing options. */
    public CampaignDraft(
            @Nullable String name,
            @Nullable String subject,
            @Nullable String from,
            @Nullable String replyTo,
            @Nullable Long templateId,
            @Nullable String mjml,
            @Nullable String html,
            @Nullable String text,
            @Nullable Audience audience) {
        this(
                name,
                subject,
                from,
                replyTo,
                templateId,
                mjml,
                html,
                text,
                audience,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Timing timing() {
        return new Timing(null, window, ratePerMinute, warmUp, priority);
    }
}
