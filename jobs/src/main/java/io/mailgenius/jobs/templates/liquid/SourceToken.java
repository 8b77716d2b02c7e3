package io.mailgenius.jobs.templates.liquid;

/**
 * A piece of a source.
 *
 * @param contentStart where begins what stands in it: the markup of a tag behind its name, the text
 *     of {@code raw}
 * @param name of the tag; empty for text and output
 * @param trimsBefore a hyphen takes the white space in front of it
 * @param trimsAfter a hyphen takes the white space behind it
 * @param closed false when the source ends before the token does
 */
public record SourceToken(
        Kind kind,
        int start,
        int end,
        int contentStart,
        int contentEnd,
        String name,
        boolean trimsBefore,
        boolean trimsAfter,
        boolean closed) {

    /** What a piece of a source is. */
    public enum Kind {
        TEXT,
        /** {@code {{ … }}}. */
        OUTPUT,
        /** {@code {% … %}}. */
        TAG,
        /** {@code raw} with what stands in it, up to its end. */
        RAW,
        /** {@code comment} or {@code doc}, up to its end. */
        HIDDEN
    }
}
