package io.mailgenius.jobs.providers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One rendered mail to one recipient.
 *
 * @param from address, or {@code Name <address>}
 * @param tags returned with every event of this mail; names and values consist of ASCII letters,
 *     digits, {@code _} and {@code -}
 * @param attachments of a mail that is sent alone
 */
public record Mail(
        String from,
        String to,
        String subject,
        @Nullable String html,
        @Nullable String text,
        @Nullable String replyTo,
        Map<String, String> headers,
        Map<String, String> tags,
        List<Attachment> attachments) {

    /**
     * A file in a mail.
     *
     * @param content in base64
     */
    public record Attachment(String name, @Nullable String mediaType, String content) {}

    /** A mail without attachments. */
    public Mail(
            String from,
            String to,
            String subject,
            @Nullable String html,
            @Nullable String text,
            @Nullable String replyTo,
            Map<String, String> headers,
            Map<String, String> tags) {
        this(from, to, subject, html, text, replyTo, headers, tags, List.of());
    }

    /**
     * Both are sorted by name: a repetition by another node must have the same bytes, or its key
     * does not match, and the order of the JDK's maps differs between JVMs.
     */
    public Mail {
        headers = new TreeMap<>(headers);
        tags = new TreeMap<>(tags);
        attachments = List.copyOf(attachments);
    }
}
