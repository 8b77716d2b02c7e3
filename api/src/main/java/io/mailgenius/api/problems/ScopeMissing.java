package io.mailgenius.api.problems;

import java.io.Serial;
import org.springframework.security.access.AccessDeniedException;

/** The API key is valid but lacks the required scope. */
public final class ScopeMissing extends AccessDeniedException {

    @Serial private static final long serialVersionUID = 1L;

    public ScopeMissing(String scope) {
        super("This needs a key with the scope \"" + scope + "\".");
    }
}
