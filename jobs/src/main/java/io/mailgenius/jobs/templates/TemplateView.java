package io.mailgenius.jobs.templates;

import java.time.Instant;

/**
 * One version of a template.
 *
 * @param html the page itself, or what its MJML was made into
 * @param updatedAt when this version was made
 */
public record TemplateView(
        long id,
        String name,
        int version,
        TemplateSource source,
        String html,
        Instant createdAt,
        Instant updatedAt) {}
