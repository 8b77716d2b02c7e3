package io.mailgenius.api.problems;

import java.io.Serial;
import org.springframework.security.access.AccessDeniedException;

/** The workspace is suspended: it can be read, and nothing in it changes. */
public final class WorkspaceSuspended extends AccessDeniedException {

    @Serial private static final long serialVersionUID = 1L;

    public WorkspaceSuspended() {
        super("The workspace is suspended: it can be read. Resume it to change or send anything.");
    }
}
