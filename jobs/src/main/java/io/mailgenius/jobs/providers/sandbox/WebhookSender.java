package io.mailgenius.jobs.providers.sandbox;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.mailgenius.jobs.providers.sandbox.WebhookReceiver.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;

/** Signs events and hands them to the receiver, one by one. */
final class WebhookSender {

    private final WebhookReceiver receiver;
    private final Webhook seal;
    private final Clock clock;

    /**
     * @param secret {@code whsec_…}, as Resend shows it
     */
    WebhookSender(WebhookReceiver receiver, String secret, Clock clock) {
        this.receiver = receiver;
        this.clock = clock;
        try {
            this.seal = new Webhook(secret);
        } catch (EmptyWebhookSecretException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_WEBHOOK_SECRET must be whsec_ and base64 after it", e);
        }
    }

    /**
     * The same mail and event have the same {@code svix-id}, by which a repetition is recognised.
     */
    Answer send(UUID mail, MailEvent event, String json) {
        String id = "msg_" + mail.toString().replace("-", "") + "_" + event.name();
        long seconds = clock.instant().getEpochSecond();
        return receiver.receive(
                id,
                String.valueOf(seconds),
                signature(id, seconds, json),
                json.getBytes(StandardCharsets.UTF_8));
    }

    private String signature(String id, long seconds, String json) {
        try {
            return seal.sign(id, seconds, json);
        } catch (WebhookSigningException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }
}
