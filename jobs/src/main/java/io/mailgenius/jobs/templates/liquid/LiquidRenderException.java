package io.mailgenius.jobs.templates.liquid;

import java.io.Serial;

/**
 * Ends a rendering. It has no stack trace because it may be thrown for every mail of a campaign.
 */
public final class LiquidRenderException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    LiquidRenderException(String message) {
        super(message, null, false, false);
    }
}
