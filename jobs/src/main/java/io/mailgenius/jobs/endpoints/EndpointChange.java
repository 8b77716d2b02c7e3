package io.mailgenius.jobs.endpoints;

import io.mailgenius.schema.EndpointStatus;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is null stays.
 *
 * @param status {@code ENABLED} also removes the notice of an endpoint that was switched off
 */
public record EndpointChange(
        @Size(min = 1, max = EndpointCheck.MAX_URL) @Nullable String url,
        @Size(max = EndpointCheck.MAX_TEXT) @Nullable String description,
        @Size(max = EndpointCheck.MAX_EVENTS) @Nullable List<String> events,
        @Nullable Boolean ordered,
        @Nullable EndpointStatus status) {}
