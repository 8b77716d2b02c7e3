package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.HttpConnection;
import io.mailgenius.bench.load.Latencies;
import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several clients that create and launch a campaign per tenant, as fast as the API permits.
 * Requests with 429, 503 or no response are repeated.
 */
final class CampaignLauncher {

    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final String PATH = "/api/v1/campaigns";

    private static final String HTML =
            """
            <h1>Hello {{ contact.first_name | default: "there" }}</h1>
            <p>Your {{ contact.attributes.plan | upcase }} plan has something new for {{ contact.city }}.</p>
            <p><a href="https://example.com/news">Have a look</a></p>
            <p><small>Sent to {{ contact.email }}. <a href="{{ unsubscribe_url }}">Unsubscribe</a></small></p>
            """;

    private final URI node;
    private final int clients;
    private final Duration patience;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();

    /** A campaign of a tenant that was created. */
    record Drafted(Tenant tenant, long id) {}

    /**
     * Campaigns that were launched.
     *
     * @param asked when the launch of each was first requested, by campaign id
     * @param latencies of the accepted launches, from the first request for each
     * @param seconds from the first request to the last response
     */
    record Launched(Map<Long, Instant> asked, Latencies latencies, double seconds) {}

    /**
     * @param patience the time after which a client gives up
     */
    CampaignLauncher(URI node, int clients, Duration patience) {
        this.node = node;
        this.clients = clients;
        this.patience = patience;
    }

    private interface Step<T> {
        void take(TenantApi api, T item) throws IOException, InterruptedException;
    }

    /** A draft for the tenant's list. */
    static Map<String, Object> body(Tenant tenant) {
        return Map.of(
                "name", "Benchmark",
                "subject", "News for {{ contact.first_name }}",
                "from", "MailGenius <news@example.com>",
                "html", HTML,
                "audience", Map.of("listId", tenant.list()));
    }

    /** Creates a draft per tenant, for the list of all its contacts. */
    List<Drafted> draft(List<Tenant> tenants) throws IOException, InterruptedException {
        Queue<Drafted> drafted = new ConcurrentLinkedQueue<>();
        each(
                tenants,
                (api, tenant) -> {
                    String location =
                            persistently(api, tenant.key(), PATH, body(tenant), 201).location();
                    long id = Long.parseLong(location.substring(location.lastIndexOf('/') + 1));
                    drafted.add(new Drafted(tenant, id));
                });
        return List.copyOf(drafted);
    }

    /**
     * @param at the scheduled time; null for immediately
     */
    Launched launch(List<Drafted> drafted, @Nullable Instant at)
            throws IOException, InterruptedException {
        Map<Long, Instant> asked = new ConcurrentHashMap<>();
        Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        String action = at == null ? "/send" : "/schedule";
        Map<String, Object> body = at == null ? Map.of() : Map.of("at", at.toString());
        long begin = System.nanoTime();
        each(
                drafted,
                (api, one) -> {
                    asked.put(one.id(), Instant.now());
                    long first = System.nanoTime();
                    String path = PATH + "/" + one.id() + action;
                    persistently(api, one.tenant().key(), path, body, 202);
                    nanos.add(System.nanoTime() - first);
                });
        double seconds = (System.nanoTime() - begin) / 1e9;
        long[] all = nanos.stream().mapToLong(Long::longValue).toArray();
        return new Launched(asked, Latencies.of(all, seconds), seconds);
    }

    private HttpConnection.Answer persistently(
            TenantApi api, String key, String path, Map<String, ?> body, int wanted)
            throws IOException, InterruptedException {
        boolean lost = false;
        for (long end = System.nanoTime() + patience.toNanos(); System.nanoTime() < end; ) {
            try {
                HttpConnection.Answer answer = api.post(key, path, body);
                // 409 means that the request without a response took effect.
                if (answer.status() == wanted || lost && answer.status() == 409) {
                    return answer;
                }
                if (answer.status() != 429 && answer.status() != 503) {
                    throw new IllegalStateException(
                            "POST %s was answered with %d".formatted(path, answer.status()));
                }
                refused.incrementAndGet();
            } catch (IOException noAnswer) {
                unanswered.incrementAndGet();
                lost = true;
            }
            Thread.sleep(AGAIN);
        }
        throw new IOException("POST %s was not taken within %s".formatted(path, patience));
    }

    private <T> void each(List<T> items, Step<T> step) throws IOException, InterruptedException {
        Queue<T> left = new ConcurrentLinkedQueue<>(items);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> working =
                    IntStream.range(0, clients)
                            .<Future<?>>mapToObj(_ -> threads.submit(() -> work(left, step)))
                            .toList();
            for (Future<?> client : working) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    private <T> @Nullable Void work(Queue<T> left, Step<T> step)
            throws IOException, InterruptedException {
        try (TenantApi api = new TenantApi(node)) {
            for (T item = left.poll(); item != null; item = left.poll()) {
                step.take(api, item);
            }
        }
        return null;
    }

    /** The number of requests answered with 429 or 503. */
    long refused() {
        return refused.get();
    }

    /** The number of requests without a response within 15 seconds, or whose connection broke. */
    long unanswered() {
        return unanswered.get();
    }
}
