package io.mailgenius.jobs.forms;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a form.
 *
 * @param listIds the lists that a confirmed contact joins
 * @param topicIds the topics that a confirmed contact opts in to
 * @param from the sender of the confirmation mail: an address, or {@code Name <address>}
 * @param html the confirmation mail, a template that links to {@code confirm_url}; null if
 *     templateId is set
 * @param consentText the text that people agree to, exactly as it is shown beside the form
 * @param redirectUrl the page that the browser opens after the confirmation
 */
public record FormDraft(
        String name,
        @Nullable List<Long> listIds,
        @Nullable List<Long> topicIds,
        String from,
        String subject,
        @Nullable String html,
        @Nullable Long templateId,
        String consentText,
        @Nullable String redirectUrl) {}
