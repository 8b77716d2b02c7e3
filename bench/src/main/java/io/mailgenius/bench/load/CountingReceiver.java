package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The other side: counts webhooks by their ids, and mails as a provider that recognises idempotency
 * keys.
 */
public final class CountingReceiver implements AutoCloseable {

    /** Webhooks are answered at once. */
    public static final String FAST = "/fast";

    /** Webhooks are answered after five seconds. */
    public static final String SLOW = "/slow";

    private static final long SLOW_SECONDS = 5;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> webhooks = new ConcurrentHashMap<>();
    private final AtomicLong webhookRequests = new AtomicLong();
    private final AtomicLong slowRequests = new AtomicLong();
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final Map<Integer, Long> mails = new ConcurrentHashMap<>();
    private final AtomicLong doubled = new AtomicLong();
    private final AtomicLong campaignMails = new AtomicLong();

    private CountingReceiver(HttpServer server) {
        this.server = server;
    }

    public static CountingReceiver start() throws IOException {
        // Two packets of an answer would wait for the acknowledgement of the first.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        CountingReceiver receiver =
                new CountingReceiver(
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024));
        receiver.server.setExecutor(receiver.threads);
        receiver.server.createContext("/", receiver::answer);
        receiver.server.start();
        return receiver;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            switch (path) {
                case FAST -> {
                    webhookRequests.incrementAndGet();
                    webhooks.putIfAbsent(
                            exchange.getRequestHeaders().getFirst("webhook-id"), System.nanoTime());
                    exchange.sendResponseHeaders(204, -1);
                }
                case SLOW -> {
                    slowRequests.incrementAndGet();
                    TimeUnit.SECONDS.sleep(SLOW_SECONDS);
                    exchange.sendResponseHeaders(204, -1);
                }
                case "/emails", "/emails/batch" ->
                        reply(
                                exchange,
                                mails(
                                        exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                                        new String(body, UTF_8)));
                default -> exchange.sendResponseHeaders(404, -1);
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reply(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String mails(String key, String body) {
        long arrived = System.nanoTime();
        return keys.computeIfAbsent(key, _ -> accepted(key, body, arrived));
    }

    private String accepted(String key, String body, long arrived) {
        JsonNode batch = JsonMapper.shared().readTree(body);
        StringBuilder ids = new StringBuilder("{\"data\":[");
        int place = 0;
        for (JsonNode mail : batch) {
            ids.append(place == 0 ? "" : ",").append("{\"id\":\"").append(key).append('-');
            ids.append(place++).append("\"}");
            int number = number(mail);
            if (number < 0) {
                campaignMails.incrementAndGet();
            } else if (mails.putIfAbsent(number, arrived) != null) {
                doubled.incrementAndGet();
            }
        }
        return ids.append("]}").toString();
    }

    private static int number(JsonNode mail) {
        for (JsonNode tag : mail.path("tags")) {
            if (tag.path("name").asString("").equals("n")) {
                return Integer.parseInt(tag.path("value").asString());
            }
        }
        return -1;
    }

    /** Webhooks with different ids. */
    public int webhooks() {
        return webhooks.size();
    }

    /** All requests to {@link #FAST}, including repetitions. */
    public long webhookRequests() {
        return webhookRequests.get();
    }

    public long slowRequests() {
        return slowRequests.get();
    }

    /** When each transactional mail was accepted, by its number and {@link System#nanoTime}. */
    public Map<Integer, Long> transactionalMails() {
        return Map.copyOf(mails);
    }

    public int accepted() {
        return mails.size();
    }

    /** Transactional mails that were accepted under more than one key. */
    public long doubled() {
        return doubled.get();
    }

    public long campaignMails() {
        return campaignMails.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
