package io.mailgenius.jobs.templates.liquid;

import java.io.Serial;

/** A source that is no Liquid, with the place of the problem. */
public final class LiquidSyntaxException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private final int offset;

    LiquidSyntaxException(int offset, String message) {
        super(message, null, false, false);
        this.offset = offset;
    }

    /** Where in the source. */
    public int offset() {
        return offset;
    }
}
