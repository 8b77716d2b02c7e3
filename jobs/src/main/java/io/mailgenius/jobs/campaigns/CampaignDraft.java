package io.mailgenius.jobs.campaigns;

import org.jspecify.annotations.Nullable;

/**
 * What a person writes.
 *
 * @param from an address, or {@code Name <address>}
 * @param templateId where the content comes from, unless html or text are given
 */
public record CampaignDraft(
        @Nullable String name,
        @Nullable String subject,
        @Nullable String from,
        @Nullable String replyTo,
        @Nullable Long templateId,
        @Nullable String html,
        @Nullable String text,
        @Nullable Audience audience) {}
