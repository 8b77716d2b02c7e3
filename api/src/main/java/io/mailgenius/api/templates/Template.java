package io.mailgenius.api.templates;

import io.mailgenius.jobs.templates.TemplateView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A template as it goes over the wire: flat, as it is written. */
record Template(
        long id,
        String name,
        int version,
        @Nullable String subject,
        String html,
        @Nullable String text,
        Instant createdAt,
        Instant updatedAt) {

    static Template of(TemplateView view) {
        return new Template(
                view.id(),
                view.name(),
                view.version(),
                view.source().subject(),
                view.source().html(),
                view.source().text(),
                view.createdAt(),
                view.updatedAt());
    }
}
