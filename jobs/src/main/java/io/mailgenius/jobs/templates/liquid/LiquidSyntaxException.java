package io.mailgenius.jobs.templates.liquid;

import java.io.Serial;

/** A syntax error, with its position in the source. */
public final class LiquidSyntaxException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private final int offset;

    LiquidSyntaxException(int offset, String message) {
        super(message, null, false, false);
        this.offset = offset;
    }

    /** The offset in the source. */
    public int offset() {
        return offset;
    }
}
