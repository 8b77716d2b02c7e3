package io.mailgenius.jobs.templates.liquid;

/** How values are escaped in a part of a mail. */
public enum Escaping {
    NONE,
    HTML;

    String apply(String value) {
        return switch (this) {
            case NONE -> value;
            case HTML -> Html.escape(value);
        };
    }

    /** Marks text that was composed in the template and whose values are escaped already. */
    Object done(String text) {
        return switch (this) {
            case NONE -> text;
            case HTML -> new SafeHtml(text);
        };
    }
}
