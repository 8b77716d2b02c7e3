package io.mailgenius.jobs.templates;

import java.io.Serial;

/** Ends a rendering from within; it is thrown in numbers, so it carries no stack trace. */
final class LimitExceeded extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    LimitExceeded(String message) {
        super(message, null, false, false);
    }
}
