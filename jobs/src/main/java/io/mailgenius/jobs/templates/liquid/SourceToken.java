package io.mailgenius.jobs.templates.liquid;

/**
 * A token of the source.
 *
 * @param contentStart where the content begins: the markup after the name of a tag, or the text of
 *     {@code raw}
 * @param name of the tag; empty for text and output
 * @param trimsBefore a hyphen trims the white space before the token
 * @param trimsAfter a hyphen trims the white space after the token
 * @param closed false if the source ends inside of the token
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

    /** The kind of a token. */
    public enum Kind {
        TEXT,
        /** An output, {@code {{ … }}}. */
        OUTPUT,
        /** A tag, {@code {% … %}}. */
        TAG,
        /** A {@code raw} block with its content and end tag. */
        RAW,
        /** A {@code comment} or {@code doc} block with its content and end tag. */
        HIDDEN
    }
}
