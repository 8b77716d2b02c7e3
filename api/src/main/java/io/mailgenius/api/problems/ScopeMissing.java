package io.mailgenius.api.problems;

import java.io.Serial;
import org.springframework.security.access.AccessDeniedException;

/** The API key or the role lacks the required permission. */
public final class ScopeMissing extends AccessDeniedException {

    @Serial private static final long serialVersionUID = 1L;

    public ScopeMissing(String scope) {
        super("This needs a key with the scope \"" + scope + "\", or a role that has it.");
    }
}
