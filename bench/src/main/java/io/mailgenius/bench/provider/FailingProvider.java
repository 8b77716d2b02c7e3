package io.mailgenius.bench.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mailgenius.bench.provider.IdempotencyKeys.Standing;
import io.mailgenius.bench.provider.SubmittedBatch.No;
import io.mailgenius.bench.verify.AcceptedMails;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /emails/batch} with the rules that Resend documents, which fails on purpose: as
 * {@link ProviderFaults} decide, it refuses, closes connections after it has accepted, and responds
 * too late. Accepted mails are in a file, one per line.
 */
public final class FailingProvider implements AutoCloseable {

    /** Longer than the client's timeout of 10 seconds. */
    private static final Duration TOO_SLOW = Duration.ofSeconds(33);

    private static final Duration LATE = Duration.ofSeconds(75);

    private static final int RETRY_AFTER_SECONDS = 1;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ThreadLocal<Long> came = ThreadLocal.withInitial(System::nanoTime);
    private final IdempotencyKeys keys;
    private final ProviderFaults providerFaults;
    private final Quota.Used quota;
    private final Clock clock;
    private final BatchPacer batchPacer = new BatchPacer();
    private final AcceptedMails file;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<ProviderFault, Integer> drawn = new ConcurrentHashMap<>();

    private volatile @Nullable Nonsense nonsense;

    private FailingProvider(
            HttpServer server,
            AcceptedMails file,
            ProviderFaults providerFaults,
            Quota quota,
            Clock clock) {
        this.server = server;
        this.file = file;
        this.providerFaults = providerFaults;
        this.quota = new Quota.Used(quota);
        this.clock = clock;
        this.keys = new IdempotencyKeys(clock);
    }

    /**
     * @param file to which a line per accepted mail is appended
     */
    public static FailingProvider start(Path file, ProviderFaults providerFaults)
            throws IOException {
        return start(file, providerFaults, Quota.NONE, Clock.systemUTC());
    }

    static FailingProvider start(
            Path file, ProviderFaults providerFaults, Quota quota, Clock clock, Filter... filters)
            throws IOException {
        // Otherwise each response waits for the acknowledgement of the previous one.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        FailingProvider provider =
                new FailingProvider(server, new AcceptedMails(file), providerFaults, quota, clock);
        server.setExecutor(provider::begin);
        server.createContext("/emails/batch", provider::take).getFilters().addAll(List.of(filters));
        server.start();
        return provider;
    }

    /**
     * Called by the thread that reads the first byte of a request, because the hand-over to another
     * thread and class loading must not count as the sender's time.
     */
    private void begin(Runnable exchange) {
        long now = System.nanoTime();
        threads.execute(
                () -> {
                    came.set(now);
                    exchange.run();
                });
    }

    private void take(HttpExchange exchange) throws IOException {
        arrivals.add(came.get());
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            @Nullable Nonsense now = nonsense;
            switch (now) {
                case PAGE -> page(exchange, 200);
                case ERROR_PAGE -> page(exchange, 500);
                case TRUNCATED, LATE -> take(exchange, body);
                case null -> take(exchange, body);
            }
        } catch (InterruptedException e) {
            // The server is closing, so there is no response.
            Thread.currentThread().interrupt();
        }
    }

    private void take(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        try {
            take(exchange, SubmittedBatch.of(key, body, isPermissive(exchange)));
        } catch (No no) {
            no(exchange, no);
        }
    }

    private void take(HttpExchange exchange, SubmittedBatch batch)
            throws No, IOException, InterruptedException {
        if (batch.addresses().isEmpty()) {
            // All mails are faulty, so nothing is stored, not even the key.
            ids(exchange, batch, List.of());
            return;
        }
        switch (keys.come(batch.key(), batch.sha256())) {
            case Standing.Fresh() -> fresh(exchange, batch);
            case Standing.InFlight() ->
                    throw new No(
                            409,
                            "concurrent_idempotent_requests",
                            "A request with this key is still in progress.");
            case Standing.OfAnotherBody() -> {
                repeated.incrementAndGet();
                throw new No(
                        409,
                        "invalid_idempotent_request",
                        "This key was used with another request payload.");
            }
            case Standing.Repeated(List<String> ids) -> {
                repeated.incrementAndGet();
                ids(exchange, batch, ids);
            }
        }
    }

    private static void page(HttpExchange exchange, int status) throws IOException {
        byte[] html = "<html><body>It works!</body></html>".getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/html");
        exchange.sendResponseHeaders(status, html.length);
        exchange.getResponseBody().write(html);
    }

    private void fresh(HttpExchange exchange, SubmittedBatch batch)
            throws No, IOException, InterruptedException {
        try {
            ProviderFault providerFault = providerFaults.draw(batch.key(), keys.time(batch.key()));
            drawn.merge(providerFault, 1, Integer::sum);
            switch (providerFault) {
                case ERROR -> throw new No(500, "application_error", "On purpose.");
                case BUSY -> throw new No(503, "service_unavailable", "On purpose.");
                case TOO_FAST -> {
                    exchange.getResponseHeaders()
                            .add("retry-after", Integer.toString(RETRY_AFTER_SECONDS));
                    throw new No(429, "rate_limit_exceeded", "On purpose.");
                }
                case NONE -> ids(exchange, batch, accept(batch));
                case ERROR_AFTER -> {
                    accept(batch);
                    throw new No(500, "application_error", "On purpose, and accepted.");
                }
                // An exchange that ends without a response closes its connection.
                case CUT_AFTER -> accept(batch);
                case SLOW_AFTER -> {
                    List<String> ids = accept(batch);
                    Thread.sleep(TOO_SLOW);
                    ids(exchange, batch, ids);
                }
            }
        } finally {
            keys.dropped(batch.key());
        }
    }

    /**
     * Accepts the mails while the client waits, or at the end, so that a crash of the client can
     * fall before or after.
     */
    private List<String> accept(SubmittedBatch batch) throws No, InterruptedException {
        quota.take(batch.addresses().size(), LocalDate.ofInstant(clock.instant(), UTC));
        boolean atOnce = providerFaults.acceptsAtOnce(batch.key());
        if (atOnce) {
            goOut(batch);
        }
        batchPacer.await();
        if (!atOnce) {
            goOut(batch);
        }
        List<String> ids =
                batch.addresses().stream().map(address -> UUID.randomUUID().toString()).toList();
        keys.accepted(batch.key(), batch.sha256(), ids);
        return ids;
    }

    private void goOut(SubmittedBatch batch) {
        file.add(batch.key(), batch.addresses());
        accepted.addAndGet(batch.addresses().size());
    }

    private static boolean isPermissive(HttpExchange exchange) {
        return "permissive".equals(exchange.getRequestHeaders().getFirst("x-batch-validation"));
    }

    private void ids(HttpExchange exchange, SubmittedBatch batch, List<String> ids)
            throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("data", ids.stream().map(id -> Map.of("id", id)).toList());
        if (isPermissive(exchange)) {
            body.put("errors", batch.faults());
        }
        byte[] json = JsonMapper.shared().writeValueAsBytes(body);
        @Nullable Nonsense now = nonsense;
        switch (now) {
            case LATE -> {
                Thread.sleep(LATE);
                answer(exchange, 200, json);
            }
            case TRUNCATED -> answer(exchange, 200, Arrays.copyOf(json, json.length / 2));
            case PAGE, ERROR_PAGE -> answer(exchange, 200, json);
            case null -> answer(exchange, 200, json);
        }
    }

    private static void no(HttpExchange exchange, No no) throws IOException {
        Map<String, ?> body =
                Map.of(
                        "statusCode", no.status(),
                        "name", no.name(),
                        "message", String.valueOf(no.getMessage()));
        answer(exchange, no.status(), JsonMapper.shared().writeValueAsBytes(body));
    }

    private static void answer(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }

    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** Uncounted requests, so that class loading does not delay the first counted one. */
    public void rehearse() throws IOException {
        for (int n = 0; n < 50; n++) {
            URL nothing = url().resolve("/nothing").toURL();
            ((HttpURLConnection) nothing.openConnection()).getResponseCode();
        }
    }

    /** From now on one batch is accepted per interval. */
    public void pace(Duration distance) {
        batchPacer.every(distance);
    }

    /**
     * From now on each request gets this response; null for normal ones. Late responses that were
     * begun stay late.
     */
    public void answer(@Nullable Nonsense with) {
        nonsense = with;
    }

    /** The number of mails accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    /**
     * The arrival of the first byte of each request, by {@link System#nanoTime()}, in the order of
     * time.
     */
    public List<Long> arrivals() {
        return arrivals.stream().sorted().toList();
    }

    /** Batches that were repeated after they had been accepted. */
    public long repeated() {
        return repeated.get();
    }

    /** How often each fault was chosen. */
    public Map<ProviderFault, Integer> drawn() {
        return Map.copyOf(drawn);
    }

    /** Drops requests in progress; the file is complete. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        file.close();
    }
}
