package io.mailgenius.api.problems;

import java.io.Serial;
import tools.jackson.core.JacksonException;

/** A caller's JSON that is not what it should be; other faults with JSON are ours. */
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
