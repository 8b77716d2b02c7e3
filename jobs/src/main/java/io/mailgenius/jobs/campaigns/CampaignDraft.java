package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.mailgenius.schema.Priority;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
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
 * @param brandId whose sender, reply address and footer are used where the draft names none
 * @param ratePerMinute the largest number of mails in any minute
 */
public record CampaignDraft(
        @Pattern(regexp = TextPatterns.ONE_LINE) @Size(max = DraftChecks.MAX_NAME)
                @Nullable String name,
        @Pattern(regexp = TextPatterns.ONE_LINE) @Size(max = DraftChecks.MAX_SUBJECT)
                @Nullable String subject,
        @Pattern(regexp = TextPatterns.SENDER) @Size(max = DraftChecks.MAX_SUBJECT)
                @Nullable String from,
        @Pattern(regexp = TextPatterns.SENDER) @Size(max = DraftChecks.MAX_SUBJECT)
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
        @Min(1) @Nullable Integer ratePerMinute,
        @Nullable WarmUp warmUp,
        @Nullable Priority priority,
        @Nullable Long brandId) {

    /** Without a brand. */
    public CampaignDraft(
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
                topicId,
                tracking,
                utm,
                window,
                ratePerMinute,
                warmUp,
                priority,
                null);
    }

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
                null,
                null);
    }

    /** With what the brand says where the draft says nothing. */
    CampaignDraft of(BrandView brand) {
        return new CampaignDraft(
                name,
                subject,
                from == null || from.isBlank() ? brand.from() : from,
                replyTo == null ? brand.replyTo() : replyTo,
                templateId,
                mjml,
                html,
                text,
                audience,
                topicId,
                tracking,
                utm,
                window,
                ratePerMinute,
                warmUp,
                priority,
                brandId);
    }

    Timing timing() {
        return new Timing(null, window, ratePerMinute, warmUp, priority);
    }
}
