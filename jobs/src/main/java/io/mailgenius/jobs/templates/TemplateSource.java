package io.mailgenius.jobs.templates;

import org.jspecify.annotations.Nullable;

/**
 * What a person writes.
 *
 * @param subject missing in a template whose campaigns bring their own
 * @param html may be empty when there is a text
 * @param text made from the rendered HTML when it is missing
 */
public record TemplateSource(
        Syntax syntax, @Nullable String subject, String html, @Nullable String text) {

    /** The language of the HTML part, around the Liquid that all of them carry. */
    public enum Syntax {
        HTML
    }

    public static TemplateSource html(
            @Nullable String subject, String html, @Nullable String text) {
        return new TemplateSource(Syntax.HTML, subject, html, text);
    }
}
