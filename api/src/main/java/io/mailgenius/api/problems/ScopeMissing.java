package io.mailgenius.api.problems;

import java.io.Serial;
import org.springframework.security.access.AccessDeniedException;

/** The key is good, but not for this. */
public final class ScopeMissing extends AccessDeniedException {

    @Serial private static final long serialVersionUID = 1L;

    public ScopeMissing(String scope) {
        super("This needs a key with the scope \"" + scope + "\".");
    }
}
