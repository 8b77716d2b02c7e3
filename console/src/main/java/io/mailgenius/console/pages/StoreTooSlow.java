package io.mailgenius.console.pages;

import java.io.Serial;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** The database did not answer in time, and nothing older is known. */
final class StoreTooSlow extends ResponseStatusException {

    @Serial private static final long serialVersionUID = 1L;

    StoreTooSlow(Throwable cause) {
        super(HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer: try again", cause);
    }
}
