package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.workspaces.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The source of a template, as its author wrote it.
 *
 * @param subject null in a template whose campaigns have their own subjects
 * @param page written in {@code syntax}; may be empty if there is a text
 * @param text null if it is derived from the rendered HTML
 */
public record TemplateSource(
        Syntax syntax, @Nullable String subject, String page, @Nullable String text) {

    /** The markup language of the page. All of them may contain Liquid. */
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
     * Accepts either HTML or MJML.
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
                    "The html is compiled from the mjml: give mjml or html, not both.");
        }
        return mjml(subject, mjml, text);
    }
}
