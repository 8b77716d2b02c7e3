package io.mailgenius.jobs.endpoints;

import io.mailgenius.schema.EndpointStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint without its secrets.
 *
 * @param events the types that it is told of; empty for all
 * @param notice why it was switched off, if nobody did it
 * @param failingSince the first failed attempt since the last that succeeded
 */
public record EndpointView(
        long id,
        String url,
        String description,
        List<String> events,
        boolean ordered,
        EndpointStatus status,
        @Nullable String notice,
        @Nullable Instant failingSince,
        Instant createdAt,
        Instant updatedAt) {}
