package io.mailgenius.bench.chaos;

import io.mailgenius.bench.chaos.HostileRequest.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.springframework.util.FileSystemUtils;

/**
 * Sends one request of each hostile kind to a node with little memory, and polls its health: it
 * must stay up and respond within a second.
 */
public final class HostileRun {

    private static final String KEY = "key-of-the-hostile-test";
    private static final URI NO_PROVIDER = URI.create("http://localhost:1");
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");

    private final List<String> complaints = new ArrayList<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private HostileRun() {}

    public static ChaosOutcome run(Order order) throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        try (Servers servers = new Servers(order.folder());
                Members members =
                        new Members(order, servers, NO_PROVIDER, KEY, 0, OPTIONS, Map.of())) {
            HostileRun run = new HostileRun();
            run.send(members.startAll());
            return new ChaosOutcome(run.complaints, run.figures);
        }
    }

    private void send(Member node) throws IOException, InterruptedException {
        URI url = Objects.requireNonNull(node.url());
        List<HostileRequest> requests = HostileRequests.all(KEY);
        Duration slowest = Duration.ZERO;
        long faults = 0;
        long start = System.nanoTime();
        try (HealthWatch health = new HealthWatch(url);
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            health.warmUp();
            for (HostileRequest request : requests) {
                long begun = System.nanoTime();
                List<Answer> answers = answers(request, url, senders);
                Duration slow = health.slowest();
                slowest = slow.compareTo(slowest) > 0 ? slow : slowest;
                faults += answers.stream().filter(it -> it.status() >= 500).count();
                System.out.printf(
                        "%-60s %-35s %6.2f s, health within %.3f s%n",
                        request.name(),
                        answers.stream().distinct().toList(),
                        seconds(Duration.ofNanos(System.nanoTime() - begun)),
                        seconds(slow));
                complain(
                        slow.compareTo(SOON) > 0,
                        "during %s health took %.2f s".formatted(request.name(), seconds(slow)));
                complain(
                        answers.stream().anyMatch(it -> it.status() >= 500),
                        "%s was answered with %s".formatted(request.name(), answers));
                if (!node.process().isAlive()) {
                    complain(
                            true,
                            "the node ended at %s: %s".formatted(request.name(), node.lastWords()));
                    break;
                }
            }
            complain(
                    health.unanswered() > 0,
                    "%d of %d questions for health were not answered"
                            .formatted(health.unanswered(), health.asked()));
            figures.put("kinds", requests.size());
            figures.put("requests", requests.stream().mapToInt(HostileRequest::times).sum());
            figures.put("answeredWith5xx", faults);
            figures.put("healthAsked", health.asked());
            figures.put("healthUnanswered", health.unanswered());
            figures.put("slowestHealthSeconds", WebhookRun.rounded(seconds(slowest)));
        }
        figures.put("peakMegabytes", node.peakMegabytes());
        figures.put("stayedUp", node.process().isAlive());
        figures.put(
                "seconds",
                WebhookRun.rounded(seconds(Duration.ofNanos(System.nanoTime() - start))));
    }

    private static List<Answer> answers(HostileRequest request, URI node, ExecutorService senders)
            throws IOException, InterruptedException {
        List<Future<Answer>> sent =
                IntStream.range(0, request.times())
                        .mapToObj(_ -> senders.submit(() -> answer(request, node)))
                        .toList();
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> one : sent) {
            try {
                answers.add(one.get());
            } catch (ExecutionException notSent) {
                throw new IOException(request.name() + " could not be sent", notSent);
            }
        }
        return answers;
    }

    /** A node that has exited refuses connections, which is reported separately. */
    private static Answer answer(HostileRequest request, URI node) throws IOException {
        try {
            return request.send(node);
        } catch (ConnectException gone) {
            return Answer.NONE;
        }
    }

    private void complain(boolean wrong, String complaint) {
        if (wrong) {
            complaints.add(complaint);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
