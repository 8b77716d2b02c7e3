package io.mailgenius.jobs.templates.liquid;

/**
 * A lexical symbol of the markup.
 *
 * @param text without the quotation marks of a string
 * @param offset in the source
 */
record Symbol(Type type, String text, int offset) {

    enum Type {
        NAME,
        NUMBER,
        STRING,
        PIPE,
        DOT,
        DOTDOT,
        COLON,
        COMMA,
        OPEN_SQUARE,
        CLOSE_SQUARE,
        OPEN_ROUND,
        CLOSE_ROUND,
        COMPARISON,
        END
    }
}
