package io.mailgenius.jobs.delivery.sandbox;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Signs events and posts them, one by one, over connections that are kept. OkHttp, since it posts
 * events at twice the rate of the JDK's client for half of its processor time.
 */
final class Postman {

    /** How many events are on their way at a time, at most: as many connections are kept. */
    static final int IN_FLIGHT = 32;

    private static final MediaType JSON = MediaType.get("application/json");

    private final String target;
    private final Webhook seal;
    private final Clock clock;
    private final OkHttpClient http =
            new OkHttpClient.Builder()
                    .callTimeout(Duration.ofSeconds(10))
                    // Each would set an alarm for each read and write, and the one above suffices.
                    .readTimeout(Duration.ZERO)
                    .writeTimeout(Duration.ZERO)
                    .followRedirects(false)
                    .connectionPool(new ConnectionPool(IN_FLIGHT, 10, TimeUnit.SECONDS))
                    .build();

    /**
     * @param secret {@code whsec_…}, as Resend shows it
     */
    Postman(URI target, String secret, Clock clock) {
        this.target = target.toString();
        this.clock = clock;
        try {
            this.seal = new Webhook(secret);
        } catch (EmptyWebhookSecretException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_WEBHOOK_SECRET must be whsec_ and base64 after it", e);
        }
    }

    enum Receipt {
        TAKEN,
        /** This event is not wanted, others may be. */
        REJECTED,
        /** Nothing is taken at the moment. */
        CLOSED
    }

    /**
     * The same mail and event make the same {@code svix-id}, so that a repetition is known as one.
     */
    Receipt post(UUID mail, MailEvent event, String json) {
        String id = "msg_" + mail.toString().replace("-", "") + "_" + event.name();
        long seconds = clock.instant().getEpochSecond();
        Request request =
                new Request.Builder()
                        .url(target)
                        .header("svix-id", id)
                        .header("svix-timestamp", String.valueOf(seconds))
                        .header("svix-signature", signature(id, seconds, json))
                        .post(RequestBody.create(json.getBytes(StandardCharsets.UTF_8), JSON))
                        .build();
        try (Response response = http.newCall(request).execute()) {
            if (response.isSuccessful()) {
                return Receipt.TAKEN;
            }
            return response.code() >= 500 || response.code() == 429
                    ? Receipt.CLOSED
                    : Receipt.REJECTED;
        } catch (IOException e) {
            return Receipt.CLOSED;
        }
    }

    private String signature(String id, long seconds, String json) {
        try {
            return seal.sign(id, seconds, json);
        } catch (WebhookSigningException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    void close() {
        http.connectionPool().evictAll();
    }
}
