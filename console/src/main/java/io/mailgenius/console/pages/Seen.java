package io.mailgenius.console.pages;

import java.time.Instant;

/**
 * Something that was read, and when.
 *
 * @param late whether it is older than the page wants it, because the store did not answer in time
 */
public record Seen<T>(T value, Instant at, boolean late) {

    Seen<T> asLate() {
        return new Seen<>(value, at, true);
    }
}
