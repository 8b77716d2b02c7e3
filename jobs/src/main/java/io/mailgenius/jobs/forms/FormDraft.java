package io.mailgenius.jobs.forms;

import io.mailgenius.jobs.workspaces.TextPatterns;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
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
        @Pattern(regexp = TextPatterns.ONE_LINE) @Size(max = Forms.MAX_NAME) String name,
        @Size(max = Forms.MOST) @Nullable List<Long> listIds,
        @Size(max = Forms.MOST) @Nullable List<Long> topicIds,
        @Pattern(regexp = TextPatterns.SENDER) @Size(max = Forms.MAX_SUBJECT) String from,
        @Pattern(regexp = TextPatterns.ONE_LINE) @Size(max = Forms.MAX_SUBJECT) String subject,
        @Nullable String html,
        @Nullable Long templateId,
        @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = Forms.MAX_TEXT) String consentText,
        @Pattern(regexp = TextPatterns.WEB_ADDRESS) @Size(max = Forms.MAX_URL)
                @Nullable String redirectUrl) {}
