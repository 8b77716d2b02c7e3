package io.mailgenius.api.webhooks;

import io.mailgenius.api.hosted.EarlyEndpoint;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.api.problems.Problems;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Receipt;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/**
 * Receives the webhooks of Resend and of the sandbox. It is an early endpoint because thousands of
 * events arrive per second and each is authenticated by its signature.
 */
final class ResendWebhooks extends EarlyEndpoint {

    static final String PATH = "/webhooks/resend";

    /** A real event has one or two kilobytes. */
    private static final int LONGEST = 1024 * 1024;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final transient Events events;

    ResendWebhooks(Events events, Problems problems) {
        super(problems, "POST");
        this.events = events;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        take(request);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /** The signature covers the raw bytes, so the body must not be parsed before. */
    private void take(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > LONGEST) {
            throw tooLarge();
        }
        byte[] body = request.getInputStream().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            throw tooLarge();
        }
        Receipt receipt =
                events.receive(
                        header(request, "svix-id"),
                        header(request, "svix-timestamp"),
                        header(request, "svix-signature"),
                        body);
        switch (receipt) {
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
                            "The message was signed "
                                    + age.toSeconds()
                                    + " s ago: set the clocks right.");
            case Receipt.Unreadable(String reason) ->
                    throw problem(
                            400,
                            "webhook-unreadable",
                            "The body is not a valid event: " + reason + ".");
            case Receipt.Overloaded(Duration retryAfter) -> throw busy(retryAfter);
            case Receipt.Failed _ -> throw busy(SOON);
        }
    }

    private static String header(HttpServletRequest request, String name) {
        return Objects.requireNonNullElse(request.getHeader(name), "");
    }

    private static ProblemFound tooLarge() {
        return problem(413, "webhook-too-large", "An event has at most 1 MB.");
    }

    private static ProblemFound problem(int status, String problem, String detail) {
        return new ProblemFound(status, problem, "The event was not accepted", detail, null);
    }

    private static ProblemFound busy(Duration retryAfter) {
        return new ProblemFound(
                503,
                "webhook-not-stored",
                "The event was not accepted",
                "Send it again.",
                retryAfter);
    }
}
