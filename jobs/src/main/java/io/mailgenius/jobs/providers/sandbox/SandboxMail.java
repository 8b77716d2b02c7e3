package io.mailgenius.jobs.providers.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A mail that the sandbox has received. */
public record SandboxMail(
        UUID id,
        Instant acceptedAt,
        @Nullable String idempotencyKey,
        String from,
        List<String> to,
        String subject,
        @Nullable String html,
        @Nullable String text,
        List<String> replyTo,
        Map<String, String> headers,
        Map<String, String> tags) {

    static SandboxMail of(UUID id, Instant acceptedAt, @Nullable String key, JsonNode mail) {
        Map<String, String> headers = new TreeMap<>();
        mail.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().asString("")));
        Map<String, String> tags = new TreeMap<>();
        for (JsonNode tag : mail.path("tags")) {
            tags.put(tag.path("name").asString(""), tag.path("value").asString(""));
        }
        return new SandboxMail(
                id,
                acceptedAt,
                key,
                mail.path("from").asString(""),
                strings(mail.path("to")),
                mail.path("subject").asString(""),
                string(mail.path("html")),
                string(mail.path("text")),
                strings(mail.path("reply_to")),
                headers,
                tags);
    }

    private static List<String> strings(JsonNode oneOrMany) {
        List<String> strings = new ArrayList<>();
        if (oneOrMany.isString()) {
            strings.add(oneOrMany.stringValue());
        }
        for (JsonNode one : oneOrMany) {
            strings.add(one.asString(""));
        }
        return strings;
    }

    private static @Nullable String string(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
