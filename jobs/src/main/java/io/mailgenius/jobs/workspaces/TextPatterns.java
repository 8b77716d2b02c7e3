package io.mailgenius.jobs.workspaces;

/** Patterns of texts for the OpenAPI document; the validation itself has better messages. */
public final class TextPatterns {

    /** Not blank, and without characters that cannot be stored. */
    public static final String NOT_BLANK = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$";

    /** The same on a single line. */
    public static final String ONE_LINE = "^[^\\n\\u0000]*[^\\s\\u0000][^\\n\\u0000]*$";

    /** An address, or {@code Name <address>}; whether the address is valid is checked elsewhere. */
    public static final String SENDER =
            "^[^\\n\\u0000]*[^\\s@\\u0000]@[^\\s@\\u0000][^\\n\\u0000]*$";

    /** A complete URL. */
    public static final String WEB_ADDRESS = "^https?://[^\\s\\u0000]+$";

    private TextPatterns() {}
}
