package io.mailgenius.jobs.mails;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mail to one recipient, who is named by exactly one of {@code to}, {@code contactId} and {@code
 * externalId}. It has a template, or content of its own.
 *
 * @param from an address, or {@code Name <address>}
 * @param subject replaces that of the template
 * @param html may contain Liquid, as {@code subject} and {@code text} may
 * @param text derived from the HTML if null
 * @param variables by name; {@code contact} is the recipient
 * @param headers more headers, by name
 * @param tags letters, digits, {@code _} and {@code -}
 * @param scheduledAt at once if null
 */
public record MailDraft(
        @Size(min = 1, max = 500) String from,
        @Email @Nullable String to,
        @Nullable Long contactId,
        @Size(max = 200) @Nullable String externalId,
        @Size(max = 500) @Nullable String replyTo,
        @Nullable Long templateId,
        @Size(max = MailCheck.MAX_SUBJECT) @Nullable String subject,
        @Nullable String html,
        @Nullable String text,
        @Size(max = MailCheck.MAX_VARIABLES) @Nullable Map<String, Object> variables,
        @Size(max = MailCheck.MAX_HEADERS) @Nullable Map<String, String> headers,
        @Size(max = MailCheck.MAX_TAGS) @Nullable Map<String, String> tags,
        @Size(max = MailCheck.MAX_ATTACHMENTS) @Nullable List<MailAttachment> attachments,
        @Nullable Instant scheduledAt) {}
