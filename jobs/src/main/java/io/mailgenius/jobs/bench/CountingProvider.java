package io.mailgenius.jobs.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches at {@code POST /emails/batch} as fast as it can, counts their mails, and keeps
 * nothing. Its {@link #floor} is what HTTP alone costs: the same requests, made of one recorded
 * body.
 */
public final class CountingProvider implements AutoCloseable {

    private static final byte[] TO = "\"to\":[".getBytes(StandardCharsets.US_ASCII);

    /** Small: the server shares a process with the node whose memory is measured. */
    private static final int ROOM = 32 * 1024;

    private final HttpServer server;
    private final ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(() -> new byte[ROOM]);
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final AtomicLong mails = new AtomicLong();
    private final AtomicReference<byte @Nullable []> recorded = new AtomicReference<>();

    private CountingProvider(HttpServer server) {
        this.server = server;
    }

    public static CountingProvider start() throws IOException {
        // Without it each answer waits for the acknowledgement of the one before.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        CountingProvider provider = new CountingProvider(server);
        server.setExecutor(provider.threads);
        server.createContext("/emails/batch", provider::take);
        server.start();
        return provider;
    }

    private void take(HttpExchange exchange) throws IOException {
        int count = count(exchange.getRequestBody());
        mails.addAndGet(count);
        byte[] answer = answer(count);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** The first body is kept, for {@link #floor}. */
    private int count(InputStream body) throws IOException {
        ByteArrayOutputStream first = recorded.get() == null ? new ByteArrayOutputStream() : null;
        byte[] room = buffers.get();
        int found = 0;
        int kept = 0;
        for (int read = body.read(room); read >= 0; read = body.read(room, kept, ROOM - kept)) {
            if (first != null) {
                first.write(room, kept, read);
            }
            int length = kept + read;
            found += count(room, length);
            // What may be the beginning of another one.
            kept = Math.min(length, TO.length - 1);
            System.arraycopy(room, length - kept, room, 0, kept);
        }
        if (first != null) {
            recorded.compareAndSet(null, first.toByteArray());
        }
        return found;
    }

    private static int count(byte[] body, int length) {
        int found = 0;
        for (int end = TO.length; end <= length; end++) {
            if (body[end - 1] == '['
                    && Arrays.equals(body, end - TO.length, end, TO, 0, TO.length)) {
                found++;
            }
        }
        return found;
    }

    private static byte[] answer(int count) {
        StringBuilder json = new StringBuilder("{\"data\":[");
        for (int n = 0; n < count; n++) {
            json.append(n == 0 ? "" : ",")
                    .append("{\"id\":\"00000000-0000-4000-8000-000000000000\"}");
        }
        return json.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    public long mails() {
        return mails.get();
    }

    /**
     * @param requests how many, of the first body that came in
     * @param callers how many at a time
     * @return how long they took
     */
    public Duration floor(long requests, int callers)
            throws InterruptedException, ExecutionException {
        byte[] body = recorded.get();
        if (body == null) {
            throw new IllegalStateException("Nothing was sent that could be repeated");
        }
        OkHttpClient http =
                new OkHttpClient.Builder()
                        .eventListener(
                                new EventListener() {
                                    @Override
                                    public void connectionAcquired(Call call, Connection line) {
                                        // Else it is the other side's acknowledgements that are
                                        // measured.
                                        try {
                                            line.socket().setTcpNoDelay(true);
                                        } catch (SocketException e) {
                                            throw new UncheckedIOException(e);
                                        }
                                    }
                                })
                        .build();
        AtomicLong left = new AtomicLong(requests);
        long begin = System.nanoTime();
        try (ExecutorService posting = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> all = new ArrayList<>();
            for (int n = 0; n < callers; n++) {
                all.add(posting.submit(() -> post(http, body, left)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private @Nullable Void post(OkHttpClient http, byte[] body, AtomicLong left)
            throws IOException {
        while (left.getAndDecrement() > 0) {
            Request request =
                    new Request.Builder()
                            .url(url() + "/emails/batch")
                            .post(RequestBody.create(body, MediaType.get("application/json")))
                            .build();
            try (Response response = http.newCall(request).execute()) {
                response.body().bytes();
            }
        }
        return null;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
