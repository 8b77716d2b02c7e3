package io.mailgenius.jobs.templates.liquid;

import java.io.Serial;

/** Ends a rendering; it is thrown in numbers, so it carries no stack trace. */
public final class LiquidRenderException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    LiquidRenderException(String message) {
        super(message, null, false, false);
    }
}
