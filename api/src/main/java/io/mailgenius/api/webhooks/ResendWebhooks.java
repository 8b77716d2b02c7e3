package io.mailgenius.api.webhooks;

import io.mailgenius.api.hosted.EarlyEndpoint;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.api.problems.Problems;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Events.SignedMessage;
import io.mailgenius.jobs.events.Receipt;
import io.mailgenius.jobs.events.WebhookSecrets;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receives the webhooks of Resend and of the sandbox. It is an early endpoint because thousands of
 * events arrive per second and each is authenticated by its signature.
 */
final class ResendWebhooks extends EarlyEndpoint {

    static final String PATH = "/webhooks/resend";

    /** A real event has one or two kilobytes. */
    private static final int LONGEST = 1024 * 1024;

    private static final Duration SOON = Duration.ofSeconds(5);

    /** Behind the path: the workspace and the key of an account of its own. */
    private static final Pattern ACCOUNT =
            Pattern.compile(
                    "/([1-9][0-9]{0,17})-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

    private final transient Events events;
    private final transient ProviderAccounts accounts;

    ResendWebhooks(Events events, ProviderAccounts accounts, Problems problems) {
        super(problems, "POST");
        this.events = events;
        this.accounts = accounts;
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
        SignedMessage message =
                new SignedMessage(
                        header(request, "id"),
                        header(request, "timestamp"),
                        header(request, "signature"),
                        body);
        String account = request.getServletPath().substring(PATH.length());
        if (account.isEmpty()) {
            require(
                    events.receive(message),
                    "Set MAILGENIUS_RESEND_WEBHOOK_SECRET to the secret of this webhook.");
        } else {
            require(
                    receive(account, message),
                    "Set \"webhookSecret\" of the workspace's provider account to the secret of this webhook.");
        }
    }

    private Receipt receive(String account, SignedMessage message) {
        Matcher parts = ACCOUNT.matcher(account);
        if (!parts.matches()) {
            throw unknownAccount();
        }
        long workspace = Long.parseLong(parts.group(1));
        UUID key = UUID.fromString(parts.group(2));
        String secret =
                WorkspaceScope.call(workspace, () -> accounts.webhookSecret(key))
                        .orElseThrow(ResendWebhooks::unknownAccount);
        return events.receive(WebhookSecrets.of(secret), message, workspace);
    }

    private static ProblemFound unknownAccount() {
        return problem(
                404,
                "webhook-account-unknown",
                "No provider account with a webhook secret has this path: see GET /api/v1/provider-account.");
    }

    private static void require(Receipt receipt, String secret) {
        switch (receipt) {
            case Receipt.Stored _, Receipt.Duplicate _, Receipt.Unaddressed _ -> {}
            case Receipt.BadSignature _ -> throw problem(401, "webhook-signature-wrong", secret);
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

    /** Standard Webhooks and Svix sign the same, and differ in the names of the headers. */
    private static String header(HttpServletRequest request, String name) {
        String svix = request.getHeader("svix-" + name);
        return Objects.requireNonNullElse(
                svix == null ? request.getHeader("webhook-" + name) : svix, "");
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
