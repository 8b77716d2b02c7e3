package io.mailgenius.api.problems;

import java.io.Serial;
import tools.jackson.core.JacksonException;

/** Invalid JSON of a caller; other JSON errors are server errors. */
public final class UnreadablePart extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private final JacksonException reason;

    public UnreadablePart(JacksonException reason) {
        super(reason);
        this.reason = reason;
    }

    JacksonException reason() {
        return reason;
    }
}
