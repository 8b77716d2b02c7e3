package io.mailgenius.jobs.imports.files;

/**
 * A piece of a section of a number format.
 *
 * @param text as it stands there; of a literal without quotes and escapes
 */
record FormatToken(Kind kind, String text) {

    enum Kind {
        /** One of {@code 0 # ?}, which stands for a digit. */
        DIGIT,
        /** A point, a comma, {@code %}, {@code /} or {@code E+}: what only numbers have. */
        NUMBER,
        YEAR,
        /** {@code m}, until it is decided whether it means months or minutes. */
        MONTH_OR_MINUTE,
        DAY,
        HOUR,
        SECOND,
        /** {@code AM/PM} or {@code A/P}. */
        HALF_DAY,
        /** {@code [h]}, {@code [m]} or {@code [s]}. */
        ELAPSED,
        GENERAL,
        /** {@code @}, which stands for a text. */
        TEXT,
        /** A currency sign in brackets. */
        CURRENCY,
        LITERAL
    }

    boolean is(Kind other) {
        return kind == other;
    }
}
