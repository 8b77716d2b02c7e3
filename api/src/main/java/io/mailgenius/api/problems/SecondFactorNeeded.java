package io.mailgenius.api.problems;

import java.io.Serial;
import org.springframework.security.access.AccessDeniedException;

/** The workspace asks its people for a second factor, and this person has none yet. */
public final class SecondFactorNeeded extends AccessDeniedException {

    @Serial private static final long serialVersionUID = 1L;

    public SecondFactorNeeded() {
        super("This workspace asks for a second factor: set one up at /account.");
    }
}
