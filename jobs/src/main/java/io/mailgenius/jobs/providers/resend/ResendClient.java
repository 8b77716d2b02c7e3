package io.mailgenius.jobs.providers.resend;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An OkHttp client of our own: base URL, time-outs, connections and the headers of answers are ours
 * to see, which the client of resend-java does not allow. OkHttp, since on loopback it took 595 µs
 * of processor time for a batch of 176 KB where the JDK's client took 845 µs (both sides, two
 * cores).
 *
 * <p>Nothing is repeated here but what OkHttp repeats by itself on a connection that went stale,
 * which is safe because each batch carries its idempotency key. Each of these asks the rate anew.
 */
final class ResendClient implements AutoCloseable {

    private static final long SHOWN = 4096;

    private final ResendSettings settings;
    private final SendRateLimiter sendRateLimiter;
    private final OkHttpClient http;

    ResendClient(ResendSettings settings, RequestRate rate) {
        this.settings = settings;
        this.sendRateLimiter = new SendRateLimiter(rate);
        this.http =
                new OkHttpClient.Builder()
                        .callTimeout(settings.timeout())
                        .connectTimeout(Duration.ofSeconds(5))
                        .readTimeout(Duration.ZERO)
                        .writeTimeout(Duration.ZERO)
                        .followRedirects(false)
                        .connectionPool(new ConnectionPool(64, 20, TimeUnit.SECONDS))
                        .eventListener(new Departures())
                        // Behind OkHttp's own, where the connection stands and nothing is written.
                        .addNetworkInterceptor(this::leave)
                        .build();
    }

    /**
     * @param path with its question, if it has one
     */
    HttpUrl url(String path) {
        return HttpUrl.get(settings.endpoint(path));
    }

    Request.Builder request(HttpUrl url) {
        return new Request.Builder()
                .url(url)
                .header("Authorization", "Bearer " + settings.apiKey())
                .header("User-Agent", "mailgenius");
    }

    /**
     * @param timeout of this call, if it is shorter than that of the settings
     */
    Reply call(Request.Builder request, Duration timeout) {
        Departure departure = new Departure();
        Call call = http.newCall(request.tag(Departure.class, departure).build());
        if (timeout.compareTo(settings.timeout()) < 0) {
            call.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        try (Response response = call.execute()) {
            byte[] body = response.body().bytes();
            return response.isSuccessful()
                    ? new Reply.Success(body)
                    : new Reply.No(response.code(), response.headers(), body);
        } catch (SendRateLimiter.NotYet e) {
            return new Reply.NotSent(e.pause(), e.reason());
        } catch (IOException e) {
            // Those that lie idle have most likely died the same death: the repetition takes none.
            http.connectionPool().evictAll();
            Reply.No proxy = departure.proxy;
            if (proxy != null) {
                return proxy;
            }
            return departure.happened
                    ? new Reply.Lost("The answer was lost: " + e)
                    : new Reply.NotSent(null, "Not reachable: " + e);
        }
    }

    private Response leave(okhttp3.Interceptor.Chain chain) throws IOException {
        Departure departure = chain.request().tag(Departure.class);
        RequestRate.Leave.Now now = sendRateLimiter.leave();
        if (departure != null) {
            departure.granted(now);
        }
        Response response;
        try {
            response = chain.proceed(chain.request());
        } finally {
            if (departure != null) {
                departure.left();
            }
        }
        if (response.code() == 407 && departure != null) {
            // OkHttp makes an IOException of it, which would read as an answer that was lost.
            departure.proxy =
                    new Reply.No(407, response.headers(), response.peekBody(SHOWN).bytes());
        }
        return response;
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }

    /** What came of a call. */
    sealed interface Reply {

        record Success(byte[] body) implements Reply {}

        record No(int status, Headers headers, byte[] body) implements Reply {}

        /** It left, wholly or in part. */
        record Lost(String reason) implements Reply {}

        /**
         * Nothing of it left.
         *
         * @param pause null if nobody said how long
         */
        record NotSent(@Nullable Duration pause, String reason) implements Reply {}
    }

    /** Whether any of a request left this machine, on whichever connection, and when. */
    private static final class Departure {

        volatile boolean happened;
        private Reply.@Nullable No proxy;
        private RequestRate.Leave.@Nullable Now now;

        void granted(RequestRate.Leave.Now granted) {
            now = granted;
        }

        /** Said once, as early as it is known: what comes after is the provider's time. */
        void left() {
            RequestRate.Leave.Now leaving = now;
            if (leaving != null) {
                now = null;
                leaving.left().run();
            }
        }
    }

    private static final class Departures extends EventListener {

        /**
         * Without it the last piece of a request lies here until the other side has acknowledged
         * the one before, and that side waits up to 40 ms for something to acknowledge it with.
         */
        @Override
        public void connectionAcquired(Call call, Connection connection) {
            try {
                connection.socket().setTcpNoDelay(true);
            } catch (SocketException broken) {
                // The request finds that out by itself, and what it means for the batch.
            }
        }

        @Override
        public void requestHeadersStart(Call call) {
            Departure departure = call.request().tag(Departure.class);
            if (departure != null) {
                departure.happened = true;
            }
        }

        @Override
        public void requestHeadersEnd(Call call, Request request) {
            if (request.body() == null) {
                left(call);
            }
        }

        @Override
        public void requestBodyEnd(Call call, long bytes) {
            left(call);
        }

        private static void left(Call call) {
            Departure departure = call.request().tag(Departure.class);
            if (departure != null) {
                departure.left();
            }
        }
    }
}
