package io.mailgenius.jobs.providers.resend;

import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.resend.ResendClient.Reply;
import java.time.Duration;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Sends batches to Resend, with the models of resend-java over a client of our own. */
public final class ResendProvider implements Provider, AutoCloseable {

    private static final Duration UNREACHABLE = Duration.ofSeconds(2);

    private final ResendSettings settings;
    private final SendRateLimiter sendRateLimiter;
    private final Payload payload = new Payload();
    private final ResendClient http;
    private final HttpUrl batches;
    private final HttpUrl single;

    public ResendProvider(ResendSettings settings) {
        this(settings, SendRateLimiter.unlimited());
    }

    /**
     * @param sendRateLimiter of the account; closing it is left to the caller
     */
    public ResendProvider(ResendSettings settings, SendRateLimiter sendRateLimiter) {
        this.settings = settings;
        this.sendRateLimiter = sendRateLimiter;
        this.http = new ResendClient(settings, sendRateLimiter);
        this.batches = http.url("/emails/batch");
        this.single = http.url("/emails");
    }

    /**
     * @see <a href="https://resend.com/docs/dashboard/emails/idempotency-keys">Resend on
     *     idempotency keys</a>
     */
    @Override
    public Duration keyLife() {
        return Duration.ofHours(24);
    }

    @Override
    public BatchOutcome send(MailBatch batch) {
        try {
            if (!batch.urgent()) {
                sendRateLimiter.acquire();
            }
        } catch (SendRateLimiter.NotYet e) {
            return new BatchOutcome.Deferred(e.pause(), e.reason());
        }
        Request.Builder request =
                http.request(withAttachments(batch) ? single : batches)
                        .header("Idempotency-Key", batch.idempotencyKey())
                        .post(
                                withAttachments(batch)
                                        ? payload.of(batch.mails().getFirst())
                                        : payload.of(batch.mails()));
        return switch (http.call(request, settings.timeout(), batch.urgent())) {
            case Reply.Success(byte[] body) -> accepted(body, batch.mails().size());
            case Reply.No(int status, Headers headers, byte[] body) ->
                    refused(new ResendResponse(status, headers, body));
            case Reply.Lost(String reason) -> new BatchOutcome.Unknown(reason);
            case Reply.NotSent(Duration pause, String reason) ->
                    new BatchOutcome.Deferred(pause == null ? UNREACHABLE : pause, reason);
        };
    }

    /** Batches are sent without attachments. */
    private static boolean withAttachments(MailBatch batch) {
        return batch.mails().stream().anyMatch(mail -> !mail.attachments().isEmpty());
    }

    private BatchOutcome accepted(byte[] body, int mails) {
        List<String> ids = payload.ids(body);
        // A proxy may answer 200 as well, which does not mean that the mails were accepted.
        return ids.size() == mails
                ? new BatchOutcome.Accepted(ids)
                : new BatchOutcome.Unknown(
                        "An answer of 200 without the ids of " + mails + " mails");
    }

    private BatchOutcome refused(ResendResponse resendResponse) {
        BatchOutcome outcome = resendResponse.outcome();
        if (resendResponse.tooFast()
                && outcome instanceof BatchOutcome.Deferred(Duration pause, _)) {
            sendRateLimiter.hold(pause);
        }
        return outcome;
    }

    @Override
    public void close() {
        http.close();
    }
}
