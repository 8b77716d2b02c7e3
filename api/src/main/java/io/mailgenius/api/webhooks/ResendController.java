package io.mailgenius.api.webhooks;

import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Receipt;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where Resend, and the sandbox in its place, tell what became of the mails. */
@RestController
class ResendController {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final Events events;

    ResendController(Events events) {
        this.events = events;
    }

    /** The signature is over the bytes as they came, so nothing may read them as JSON before. */
    @PostMapping("/webhooks/resend")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "A signed event of the provider")
    void receive(
            @RequestHeader(name = "svix-id", defaultValue = "") String id,
            @RequestHeader(name = "svix-timestamp", defaultValue = "") String timestamp,
            @RequestHeader(name = "svix-signature", defaultValue = "") String signature,
            @RequestBody(required = false) byte[] body) {
        switch (events.receive(id, timestamp, signature, body == null ? new byte[0] : body)) {
            case Receipt.Stored _, Receipt.Duplicate _, Receipt.Unaddressed _ -> {}
            case Receipt.BadSignature _ ->
                    throw problem(
                            401,
                            "webhook-signature-wrong",
                            "Set MAILGENIUS_RESEND_WEBHOOK_SECRET to the secret of this webhook.");
            case Receipt.TooOld(Duration age) ->
                    throw problem(
                            401,
                            "webhook-too-old",
                            "It was signed " + age.toSeconds() + " s ago: set the clocks right.");
            case Receipt.Unreadable(String reason) ->
                    throw problem(400, "webhook-unreadable", "It is no event: " + reason + ".");
            case Receipt.Overloaded(Duration retryAfter) -> throw busy(retryAfter);
            case Receipt.Failed _ -> throw busy(SOON);
        }
    }

    private static ProblemFound problem(int status, String problem, String detail) {
        return new ProblemFound(status, problem, "The event was not taken", detail, null);
    }

    private static ProblemFound busy(Duration retryAfter) {
        return new ProblemFound(
                503, "webhook-not-stored", "The event was not taken", "Send it again.", retryAfter);
    }
}
