package io.mailgenius.jobs.templates;

import java.time.Instant;

/**
 * One version of a template.
 *
 * @param html the page, or the HTML compiled from its MJML
 * @param updatedAt when this version was created
 */
public record TemplateView(
        long id,
        String name,
        int version,
        TemplateSource source,
        String html,
        Instant createdAt,
        Instant updatedAt) {}
