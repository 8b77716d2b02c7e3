package io.mailgenius.jobs.forms;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A form.
 *
 * @param key stands in the address that it is sent to; no secret
 */
public record FormView(
        long id,
        UUID key,
        String name,
        List<Long> listIds,
        List<Long> topicIds,
        String from,
        String subject,
        @Nullable String html,
        @Nullable Long templateId,
        String consentText,
        @Nullable String redirectUrl,
        Instant createdAt) {

    /** As the history of contacts names it. */
    String source() {
        return "form \"" + name + "\"";
    }
}
