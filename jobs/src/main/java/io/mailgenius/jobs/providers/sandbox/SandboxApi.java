package io.mailgenius.jobs.providers.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.mailgenius.jobs.providers.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /emails} and {@code POST /emails/batch}, as Resend answers them. */
final class SandboxApi implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxApi.class);
    private static final int LARGEST_BODY = 40 * 1024 * 1024;

    private final SandboxBatches batches;
    private final SandboxQuota quota;
    private final SandboxSettings settings;
    private final SandboxRate rate;
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

    SandboxApi(SandboxBatches batches, SandboxQuota quota, SandboxSettings settings, Clock clock) {
        this.batches = batches;
        this.quota = quota;
        this.settings = settings;
        this.rate = new SandboxRate(settings.requestsPerSecond(), clock);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                // Always read to its end, or the connection cannot be reused.
                byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
                answer(exchange, 200, answer(exchange, body));
            } catch (SandboxError error) {
                answer(exchange, error.status(), error.json());
            } catch (RuntimeException e) {
                LOG.warn("The sandbox failed", e);
                SandboxError error =
                        new SandboxError(500, "application_error", "An unexpected error occurred.");
                answer(exchange, 500, error.json());
            }
        }
    }

    private byte[] answer(HttpExchange exchange, byte[] body) throws IOException {
        rate.count(exchange.getResponseHeaders());
        authorize(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean batch =
                switch (exchange.getRequestURI().getPath()) {
                    case "/emails/batch" -> true;
                    case "/emails" -> false;
                    default -> throw new SandboxError(404, "not_found", "The endpoint is unknown.");
                };
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new SandboxError(405, "method_not_allowed", "Only POST is answered here.");
        }
        if (body.length > LARGEST_BODY) {
            throw new SandboxError(413, "validation_error", "The body is larger than 40 MB.");
        }
        boolean permissive =
                batch
                        && "permissive"
                                .equals(
                                        exchange.getRequestHeaders()
                                                .getFirst("x-batch-validation"));
        ValidatedBatch mails =
                permissive
                        ? Submission.sorted(body, Provider.BATCH)
                        : ValidatedBatch.whole(
                                body, Submission.count(body, batch ? Provider.BATCH : 0));
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        // Nothing is stored for an empty batch: the same request gets the same answer again.
        long id =
                mails.mails() == 0
                        ? 0
                        : key == null ? take(null, body, mails) : takeOnce(key, body, mails);
        if (!batch) {
            return "{\"id\":\"%s\"}".formatted(id(id, 0)).getBytes(UTF_8);
        }
        return ("{\"data\":" + ids(id, mails.mails()) + (permissive ? faults(mails) : "") + "}")
                .getBytes(UTF_8);
    }

    private void authorize(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            throw new SandboxError(401, "missing_api_key", "Missing API key in the header.");
        }
        if (!authorization.substring("Bearer ".length()).equals(settings.apiKey())) {
            throw new SandboxError(403, "invalid_api_key", "API key is invalid.");
        }
    }

    private long takeOnce(String key, byte[] body, ValidatedBatch mails) throws IOException {
        if (key.isEmpty() || key.length() > 256) {
            throw new SandboxError(
                    400, "invalid_idempotency_key", "The key must be between 1-256 chars.");
        }
        if (!inFlight.add(key)) {
            throw new SandboxError(
                    409,
                    "concurrent_idempotent_requests",
                    "A request with this idempotency key is still in progress.");
        }
        try {
            return take(key, body, mails);
        } finally {
            inFlight.remove(key);
        }
    }

    /**
     * @param body as received, by which a repetition is recognised
     */
    private long take(@Nullable String key, byte[] body, ValidatedBatch mails) throws IOException {
        byte[] sha256 = sha256(body);
        byte[] gzip = gzip(mails.body());
        return switch (quota.within(() -> batches.take(key, sha256, gzip, mails.mails()))) {
            case SandboxBatches.Admission.Taken(long id) -> id;
            case SandboxBatches.Admission.KeyOfAnother() ->
                    throw new SandboxError(
                            409,
                            "invalid_idempotent_request",
                            "This idempotency key was used with another request payload.");
        };
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream out = new Fastest(zipped)) {
            out.write(body);
        }
        return zipped.toByteArray();
    }

    /**
     * The mails of a batch are similar, so the lowest compression level reduces them to a sixth.
     */
    private static final class Fastest extends GZIPOutputStream {
        Fastest(ByteArrayOutputStream out) throws IOException {
            super(out, 8192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static String ids(long batch, int mails) {
        StringBuilder json = new StringBuilder(16 + mails * 48).append('[');
        for (int i = 0; i < mails; i++) {
            json.append(i == 0 ? "{\"id\":\"" : ",{\"id\":\"").append(id(batch, i)).append("\"}");
        }
        return json.append(']').toString();
    }

    private static String faults(ValidatedBatch mails) {
        return ",\"errors\":" + JsonMapper.shared().writeValueAsString(mails.faults());
    }

    private static String id(long batch, int index) {
        return new MailId(batch, index).uuid().toString();
    }

    private static void answer(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }
}
