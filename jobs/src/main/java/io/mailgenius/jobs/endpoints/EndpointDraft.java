package io.mailgenius.jobs.endpoints;

import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint to be created.
 *
 * @param url to which messages are posted
 * @param events types, such as {@code mail.bounced}, or what they begin with, such as {@code
 *     mail.*}; all if null or empty
 * @param ordered whether the messages about a contact arrive in their order; false if null
 */
public record EndpointDraft(
        @Size(min = 1, max = EndpointCheck.MAX_URL) String url,
        @Size(max = EndpointCheck.MAX_TEXT) @Nullable String description,
        @Size(max = EndpointCheck.MAX_EVENTS) @Nullable List<String> events,
        @Nullable Boolean ordered) {}
