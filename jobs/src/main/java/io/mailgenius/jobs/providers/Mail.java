package io.mailgenius.jobs.providers;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One rendered mail to one recipient.
 *
 * @param from address, or {@code Name <address>}
 * @param tags returned with every event of this mail; names and values consist of ASCII letters,
 *     digits, {@code _} and {@code -}
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
     * Both are sorted by name: a repetition by another node must have the same bytes, or its key
     * does not match, and the order of the JDK's maps differs between JVMs.
     */
    public Mail {
        headers = new TreeMap<>(headers);
        tags = new TreeMap<>(tags);
    }
}
