package io.mailgenius.jobs.forms;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person writes.
 *
 * @param listIds what whoever confirms is put on
 * @param topicIds what whoever confirms wants to get
 * @param from of the confirmation mail: an address, or {@code Name <address>}
 * @param html the confirmation mail, a template that links to {@code confirm_url}; or templateId
 * @param consentText what people agree to, word by word as it stands beside the form
 * @param redirectUrl where the browser goes after the confirmation
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
