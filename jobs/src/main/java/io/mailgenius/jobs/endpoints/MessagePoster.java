package io.mailgenius.jobs.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.endpoints.DeliveryStore.Message;
import java.io.IOException;
import java.net.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Posts messages. Redirects are not followed, and no proxy is asked. */
final class MessagePoster implements AutoCloseable {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SHOWN = 1_000;

    /** Of an answer that is longer, the connection is given up. */
    private static final int READ = 64 * 1024;

    private final ReceiverAddresses addresses;
    private final Clock clock;
    private final OkHttpClient http;

    MessagePoster(ReceiverAddresses addresses, Clock clock) {
        this.addresses = addresses;
        this.clock = clock;
        this.http =
                new OkHttpClient.Builder()
                        .dns(addresses)
                        .proxy(Proxy.NO_PROXY)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .retryOnConnectionFailure(false)
                        .connectTimeout(Duration.ofSeconds(5))
                        .callTimeout(TIMEOUT)
                        .connectionPool(new ConnectionPool(256, 30, TimeUnit.SECONDS))
                        .build();
    }

    /**
     * @param httpStatus null if there was no answer
     * @param error null if there was one
     */
    record Attempt(
            Instant at,
            int millis,
            @Nullable Integer httpStatus,
            @Nullable String answer,
            @Nullable String error) {

        boolean succeeded() {
            return httpStatus != null && httpStatus >= 200 && httpStatus < 300;
        }
    }

    /** Takes ten seconds at most. */
    Attempt post(String url, MessageSigner signer, Message message) {
        Instant at = clock.instant();
        long begin = System.nanoTime();
        try {
            HttpUrl target = HttpUrl.get(url);
            if (addresses.refuses(target.host())) {
                return failed(at, begin, "The address is private, and is not called");
            }
            byte[] body = message.payload().getBytes(UTF_8);
            long timestamp = at.getEpochSecond();
            Request request =
                    new Request.Builder()
                            .url(target)
                            .header("User-Agent", "mailgenius")
                            .header("webhook-id", message.messageId())
                            .header("webhook-timestamp", Long.toString(timestamp))
                            .header(
                                    "webhook-signature",
                                    signer.sign(message.messageId(), timestamp, body))
                            .post(RequestBody.create(body, JSON))
                            .build();
            try (Response response = http.newCall(request).execute()) {
                String answer = beginning(response.body().source());
                return new Attempt(at, millis(begin), response.code(), answer, null);
            }
        } catch (IOException | IllegalArgumentException e) {
            return failed(at, begin, shortened(e.toString()));
        }
    }

    private static Attempt failed(Instant at, long begin, String error) {
        return new Attempt(at, millis(begin), null, null, error);
    }

    private static int millis(long begin) {
        return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** Read to its end if it is short, or the connection could not be used again. */
    private static String beginning(BufferedSource source) throws IOException {
        Buffer read = new Buffer();
        while (read.size() < READ && source.read(read, 8_192) >= 0) {}
        return shortened(read.readString(Math.min(read.size(), 4L * SHOWN), UTF_8));
    }

    private static String shortened(String text) {
        String storable = text.replace("\0", "");
        return storable.length() <= SHOWN ? storable : storable.substring(0, SHOWN);
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }
}
