package io.mailgenius.jobs.forms;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A form.
 *
 * @param key the public key in the URL that the form is posted to
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

    /** The source in the history of contacts. */
    String source() {
        return "form \"" + name + "\"";
    }
}
