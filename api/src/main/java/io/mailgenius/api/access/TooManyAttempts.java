package io.mailgenius.api.access;

import java.io.Serial;
import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** Nothing was checked: too many attempts were made, or too many are being checked. */
final class TooManyAttempts extends AuthenticationException {

    @Serial private static final long serialVersionUID = 1L;

    private final Duration pause;

    TooManyAttempts(Duration pause) {
        super("Too many attempts");
        this.pause = pause;
    }

    /** Whole seconds, one at least. */
    long seconds() {
        return Math.max(1, Math.ceilDiv(pause.toMillis(), 1000));
    }

    /** For the page. */
    String words() {
        return "Too many attempts: try again in %,d seconds.".formatted(seconds());
    }
}
