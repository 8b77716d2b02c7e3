package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.workspaces.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a person writes.
 *
 * @param subject missing in a template whose campaigns bring their own
 * @param page in the language of {@code syntax}; may be empty when there is a text
 * @param text made from the rendered HTML when it is missing
 */
public record TemplateSource(
        Syntax syntax, @Nullable String subject, String page, @Nullable String text) {

    /** The language of the page, around the Liquid that all of them carry. */
    public enum Syntax {
        HTML,
        MJML
    }

    public static TemplateSource html(
            @Nullable String subject, String html, @Nullable String text) {
        return new TemplateSource(Syntax.HTML, subject, html, text);
    }

    public static TemplateSource mjml(
            @Nullable String subject, String mjml, @Nullable String text) {
        return new TemplateSource(Syntax.MJML, subject, mjml, text);
    }

    /**
     * Of which only one page may be given.
     *
     * @throws Refusal.Invalid {@code template-has-two-pages}
     */
    public static TemplateSource of(
            @Nullable String subject,
            @Nullable String mjml,
            @Nullable String html,
            @Nullable String text) {
        if (mjml == null || mjml.isBlank()) {
            return html(subject, html == null ? "" : html, text);
        }
        if (html != null && !html.isBlank()) {
            throw new Refusal.Invalid(
                    "template-has-two-pages",
                    "The HTML is made of the MJML: give mjml or html, not both.");
        }
        return mjml(subject, mjml, text);
    }
}
