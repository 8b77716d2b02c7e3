package io.mailgenius.jobs.providers.resend;

import io.mailgenius.jobs.providers.BatchOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A response other than 2xx, and what it means for the batch. */
final class ResendResponse {

    private static final Duration SHORTLY = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final int status;
    private final Headers headers;
    private final String name;
    private final String reason;

    ResendResponse(int status, Headers headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        JsonNode error = parsed(body);
        this.name = error.path("name").asString("");
        String message = error.path("message").asString("");
        this.reason =
                String.format(
                        Locale.ROOT,
                        "%d %s: %s",
                        status,
                        name.isEmpty() ? "without a name" : name,
                        message.isEmpty() ? shortened(body) : message);
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException notJson) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    private static String shortened(byte[] body) {
        return new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
    }

    BatchOutcome outcome() {
        if (status == 429) {
            return name.endsWith("quota_exceeded")
                    ? new BatchOutcome.Halted(reason)
                    : new BatchOutcome.Deferred(pause(), reason);
        }
        if (status == 409) {
            return conflict();
        }
        if (status == 408 || status == 425 || status == 503) {
            // These three state that nothing was done.
            return new BatchOutcome.Deferred(pause(), reason);
        }
        if (status >= 500) {
            // The server had the whole request, and perhaps processed it before it failed.
            return new BatchOutcome.Unknown(reason);
        }
        if (status < 400 || accountIsWrong()) {
            return new BatchOutcome.Halted(reason);
        }
        return new BatchOutcome.Refused(reason);
    }

    private BatchOutcome conflict() {
        return switch (name) {
            case "invalid_idempotent_request" -> new BatchOutcome.AcceptedBefore();
            case "concurrent_idempotent_requests" -> new BatchOutcome.Deferred(pause(), reason);
            // The conflict is most likely with an earlier call of ours.
            default -> new BatchOutcome.Unknown(reason);
        };
    }

    /**
     * Besides the key and the domain: a URL that is not Resend's (404, 405, 407), and 451, with
     * which Resend asks to be contacted. Any other batch would be refused as well, so the cause is
     * not its mails.
     */
    private boolean accountIsWrong() {
        return switch (status) {
            case 401, 402, 403, 404, 405, 407, 451 -> true;
            default -> false;
        };
    }

    String reason() {
        return reason;
    }

    boolean tooFast() {
        return status == 429;
    }

    private Duration pause() {
        Duration told = seconds(headers.get("retry-after"));
        if (told == null) {
            told = seconds(headers.get("ratelimit-reset"));
        }
        if (told == null || told.isZero()) {
            return SHORTLY;
        }
        return told.compareTo(LONGEST) > 0 ? LONGEST : told;
    }

    private static @Nullable Duration seconds(@Nullable String header) {
        try {
            return header == null
                    ? null
                    : Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(header) * 1000)));
        } catch (NumberFormatException date) {
            return null;
        }
    }
}
