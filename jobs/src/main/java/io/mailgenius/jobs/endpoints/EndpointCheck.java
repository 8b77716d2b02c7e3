package io.mailgenius.jobs.endpoints;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Checks what an endpoint is told to be. */
final class EndpointCheck {

    static final int MAX_URL = 2_000;
    static final int MAX_TEXT = 500;
    static final int MAX_EVENTS = 100;
    private static final Pattern EVENT = Pattern.compile("[a-z_]+\\.([a-z_.]+\\*?|\\*)");

    private final ReceiverAddresses addresses;

    EndpointCheck(ReceiverAddresses addresses) {
        this.addresses = addresses;
    }

    /**
     * Names are looked up only when something is delivered, because they may point elsewhere by
     * then.
     *
     * @throws Refusal.Invalid unless messages may go there
     */
    String url(String given) {
        HttpUrl url = given.length() > MAX_URL ? null : HttpUrl.parse(given.strip());
        if (url == null) {
            throw invalid(
                    "url is the address of the receiver, of at most %d characters, such as https://example.com/hooks."
                            .formatted(MAX_URL));
        }
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw invalid("url has no user and password: messages are signed instead.");
        }
        if (!url.isHttps() && !addresses.privateAllowed()) {
            throw invalid("url begins with https://, because messages are about people.");
        }
        if (addresses.refuses(url.host())) {
            throw invalid(
                    "url leads to a private address, which is not called from here: use a public one.");
        }
        return url.toString();
    }

    private static Refusal invalid(String message) {
        return new Refusal.Invalid("endpoint-url-invalid", message);
    }

    List<String> events(@Nullable List<String> given) {
        List<String> events = given == null ? List.of() : given;
        if (events.size() > MAX_EVENTS) {
            throw new Refusal.Invalid(
                    "endpoint-events-invalid",
                    "Name at most %d types of events.".formatted(MAX_EVENTS));
        }
        for (String event : events) {
            if (event.length() > 100 || !EVENT.matcher(event).matches()) {
                throw new Refusal.Invalid(
                        "endpoint-events-invalid",
                        "events are types such as mail.bounced, or what they begin with such as mail.*.");
            }
        }
        return events.stream().distinct().toList();
    }

    static String description(@Nullable String given) {
        String description = given == null ? "" : given.strip();
        if (description.length() > MAX_TEXT) {
            throw new Refusal.Invalid(
                    "endpoint-description-invalid",
                    "description has at most %d characters.".formatted(MAX_TEXT));
        }
        return description;
    }
}
