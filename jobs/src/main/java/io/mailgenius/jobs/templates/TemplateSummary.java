package io.mailgenius.jobs.templates;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A template in a list. The parts are left out because they may be large. */
public record TemplateSummary(
        long id,
        String name,
        int version,
        @Nullable String subject,
        Instant createdAt,
        Instant updatedAt) {}
