package io.mailgenius.api.templates;

import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a template.
 *
 * @param html the page, or the HTML compiled from the MJML
 */
record Template(
        long id,
        String name,
        int version,
        @Nullable String subject,
        @Nullable String mjml,
        String html,
        @Nullable String text,
        Instant createdAt,
        Instant updatedAt) {

    static Template of(TemplateView view) {
        TemplateSource source = view.source();
        String mjml =
                switch (source.syntax()) {
                    case HTML -> null;
                    case MJML -> source.page();
                };
        return new Template(
                view.id(),
                view.name(),
                view.version(),
                source.subject(),
                mjml,
                view.html(),
                source.text(),
                view.createdAt(),
                view.updatedAt());
    }
}
