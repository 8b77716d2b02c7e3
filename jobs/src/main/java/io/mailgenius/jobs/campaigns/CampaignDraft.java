package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.schema.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What a person writes.
 *
 * @param from an address, or {@code Name <address>}
 * @param templateId where the content comes from, unless a page or a text is given
 * @param topicId what it is about: those who do not want that are left out
 * @param mjml instead of html, which is made of it when the draft is
 * @param tracking null for what the workspace says
 * @param utm null for none
 * @param ratePerMinute the most mails in any minute
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

    /**
     * About no topic, tracked as the workspace says, and as fast as it can be, as soon as it is
     * sent.
     */
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
