package io.mailgenius.jobs.providers;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One mail to one person, rendered.
 *
 * @param from address, or {@code Name <address>}
 * @param tags come back with every event of this mail; names and values of ASCII letters, digits,
 *     {@code _} and {@code -}
 */
public record Mail(
        String from,
        String to,
        String subject,
        @Nullable String html,
        @Nullable String text,
        @Nullable String replyTo,
        Map<String, String> headers,
        Map<String, String> tags) {

    /**
     * Both in the order of their names: a repetition on another node must be the same to the byte,
     * or its key does not fit, and maps of the JDK have an order that differs between JVMs.
     */
    public Mail {
        headers = new TreeMap<>(headers);
        tags = new TreeMap<>(tags);
    }
}
