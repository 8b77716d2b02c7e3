package io.mailgenius.jobs.templates.liquid;

/**
 * The smallest part of markup that means something.
 *
 * @param text of a string without its quotation marks
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
