package io.mailgenius.jobs.workspaces;

/**
 * Patterns of texts that people write into a request, for the contract; the checks refuse more
 * kindly.
 */
public final class TextPatterns {

    /** Not only blanks, and nothing that cannot be stored. */
    public static final String NOT_BLANK = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$";

    /** The same in one line. */
    public static final String ONE_LINE = "^[^\\n\\u0000]*[^\\s\\u0000][^\\n\\u0000]*$";

    /** An address, or {@code Name <address>}; which addresses there are is for the checks. */
    public static final String SENDER =
            "^[^\\n\\u0000]*[^\\s@\\u0000]@[^\\s@\\u0000][^\\n\\u0000]*$";

    /** An address of a page, whole. */
    public static final String WEB_ADDRESS = "^https?://[^\\s\\u0000]+$";

    private TextPatterns() {}
}
