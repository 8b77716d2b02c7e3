package io.mailgenius.jobs.templates;

import java.time.Instant;

/**
 * One version of a template.
 *
 * @param updatedAt when this version was made
 */
public record TemplateView(
        long id,
        String name,
        int version,
        TemplateSource source,
        Instant createdAt,
        Instant updatedAt) {}
