package io.mailgenius.jobs.templates.liquid;

/** What a value needs where it stands. */
public enum Escaping {
    NONE,
    HTML;

    String apply(String value) {
        return switch (this) {
            case NONE -> value;
            case HTML -> Html.escape(value);
        };
    }

    /** A text that was put together in the template, and whose values were escaped then. */
    Object done(String text) {
        return switch (this) {
            case NONE -> text;
            case HTML -> new SafeHtml(text);
        };
    }
}
