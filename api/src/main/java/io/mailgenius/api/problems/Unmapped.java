package io.mailgenius.api.problems;

import java.io.Serial;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** A path that nobody serves, or not by this method; the cause says which, as Spring MVC would. */
public final class Unmapped extends AccessDeniedException {

    @Serial private static final long serialVersionUID = 1L;

    private Unmapped(Exception cause) {
        super("Nothing is here", cause);
    }

    public static Unmapped path(String method, String path) {
        return new Unmapped(new NoResourceFoundException(HttpMethod.valueOf(method), path, path));
    }

    public static Unmapped method(String method, Set<String> allowed) {
        return new Unmapped(new HttpRequestMethodNotSupportedException(method, allowed));
    }

    /** What Spring MVC would throw. */
    Throwable reason() {
        Throwable cause = getCause();
        return cause == null ? this : cause;
    }
}
