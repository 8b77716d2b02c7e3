package io.mailgenius.jobs.campaigns;

import io.mailgenius.schema.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What a person writes.
 *
 * @param from an address, or {@code Name <address>}
 * @param templateId where the content comes from, unless a page or a text is given
 * @param mjml instead of html, which is made of it when the draft is
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
        @Nullable SendWindow window,
        @Nullable Integer ratePerMinute,
        @Nullable WarmUp warmUp,
        @Nullable Priority priority) {

    /** As fast as it can, as soon as it is sent. */
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
                null);
    }

    Timing timing() {
        return new Timing(null, window, ratePerMinute, warmUp, priority);
    }
}
