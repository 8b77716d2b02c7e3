package io.mailgenius.jobs.templates;

/** What a value needs where it stands. */
enum Escaping {
    NONE,
    HTML;

    CharSequence apply(String value) {
        return switch (this) {
            case NONE -> value;
            case HTML -> Html.escape(value);
        };
    }

    /** A text that was put together in the template, and whose values were escaped then. */
    CharSequence done(String text) {
        return switch (this) {
            case NONE -> text;
            case HTML -> new SafeHtml(text);
        };
    }
}
