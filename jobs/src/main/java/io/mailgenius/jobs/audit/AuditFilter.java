package io.mailgenius.jobs.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are meant; what is null does not filter.
 *
 * @param actor the name of a person or key, as the entries have it
 * @param requestId of one request
 * @param from the first moment
 * @param until the first moment that is not meant any more
 */
public record AuditFilter(
        @Nullable String actor,
        @Nullable String action,
        @Nullable String noun,
        @Nullable String target,
        @Nullable String requestId,
        @Nullable Instant from,
        @Nullable Instant until) {}
