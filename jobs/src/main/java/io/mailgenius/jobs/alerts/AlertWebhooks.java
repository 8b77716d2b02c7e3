package io.mailgenius.jobs.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.mailgenius.engine.alerts.AlertChannel;
import io.mailgenius.engine.alerts.SealedSecret;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.secrets.SecretUnreadable;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.net.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Posts alerts to a program, signed as Standard Webhooks has it. The member {@code text} is what
 * Slack and its like show. Redirects are not followed.
 *
 * @see <a href="https://www.standardwebhooks.com">Standard Webhooks</a>
 */
@Component
final class AlertWebhooks implements AlertChannel {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK_FROM = 200;
    private static final int OK_BELOW = 300;

    private final AlertReceivers addresses;
    private final SecretEncryption encryption;
    private final JsonMapper json;
    private final Clock clock;
    private final OkHttpClient http;

    AlertWebhooks(
            AlertReceivers addresses, SecretEncryption encryption, JsonMapper json, Clock clock) {
        this.addresses = addresses;
        this.encryption = encryption;
        this.json = json;
        this.clock = clock;
        this.http =
                new OkHttpClient.Builder()
                        .callTimeout(TIMEOUT)
                        .dns(addresses)
                        .proxy(Proxy.NO_PROXY)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .build();
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public Delivery deliver(Notice notice) {
        try {
            HttpUrl url = addresses.require(notice.target());
            SealedSecret sealed = notice.rule().webhookSecret();
            if (sealed == null) {
                return new Delivery.Refused("The rule has no webhook any more");
            }
            String secret =
                    new String(
                            encryption.decrypt(
                                    sealed.bytes(),
                                    AlertSettings.purpose(notice.rule().webhookKey())),
                            UTF_8);
            String body = body(notice);
            long seconds = clock.instant().getEpochSecond();
            Request request =
                    new Request.Builder()
                            .url(url)
                            .header("User-Agent", "mailgenius")
                            .header("webhook-id", notice.id())
                            .header("webhook-timestamp", Long.toString(seconds))
                            .header(
                                    "webhook-signature",
                                    new Webhook(secret).sign(notice.id(), seconds, body))
                            .post(RequestBody.create(body.getBytes(UTF_8), JSON))
                            .build();
            try (Response response = http.newCall(request).execute()) {
                return response.code() >= OK_FROM && response.code() < OK_BELOW
                        ? new Delivery.Accepted()
                        : new Delivery.Refused("It answered " + response.code());
            }
        } catch (Refusal | IOException | SecretUnreadable e) {
            return new Delivery.Refused(String.valueOf(e.getMessage()));
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    private String body(Notice notice) {
        ObjectNode body = json.createObjectNode();
        body.put("type", "alert." + notice.event().toLowerCase(Locale.ROOT));
        body.put("timestamp", notice.at().toString());
        body.put("text", AlertText.line(notice));
        ObjectNode data = body.putObject("data");
        if (notice.alertId() != null) {
            data.put("alertId", Objects.requireNonNull(notice.alertId()));
        }
        data.put("workspaceId", notice.workspaceId());
        data.put("ruleId", notice.rule().id());
        data.put("rule", notice.rule().name());
        data.put("kind", notice.rule().kind());
        data.put("subject", notice.subject());
        data.put("message", notice.message());
        data.put("value", notice.value());
        data.put("threshold", notice.rule().threshold());
        return json.writeValueAsString(body);
    }
}
