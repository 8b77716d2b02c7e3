package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Polls the health of a node continuously. */
final class HealthWatch implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 20;
    private static final long WARM = 200;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final HttpRequest question;
    private final Thread thread;
    private volatile boolean over;
    private long asked;
    private long unanswered;
    private long slowestNanos;

    HealthWatch(URI node) {
        question =
                HttpRequest.newBuilder(node.resolve("/actuator/health")).timeout(PATIENCE).build();
        thread = Thread.ofPlatform().name("health-watch").daemon().start(this::watch);
    }

    private void watch() {
        while (!over) {
            long start = System.nanoTime();
            boolean up = isUp();
            count(up, System.nanoTime() - start);
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private boolean isUp() {
        try {
            return http.send(question, BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException | InterruptedException noAnswer) {
            return false;
        }
    }

    private synchronized void count(boolean up, long nanos) {
        asked++;
        unanswered += up ? 0 : 1;
        slowestNanos = Math.max(slowestNanos, nanos);
        notifyAll();
    }

    synchronized long asked() {
        return asked;
    }

    synchronized long unanswered() {
        return unanswered;
    }

    /**
     * The slowest response since the previous call, of requests that were sent before this call.
     */
    synchronized Duration slowest() throws InterruptedException {
        await(asked + 1);
        Duration slowest = Duration.ofNanos(slowestNanos);
        slowestNanos = 0;
        return slowest;
    }

    /** A node is slow until its code is loaded and compiled. */
    synchronized void warmUp() throws InterruptedException {
        await(WARM);
        slowestNanos = 0;
        unanswered = 0;
    }

    private void await(long answers) throws InterruptedException {
        while (asked < answers) {
            wait();
        }
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join(PATIENCE);
        http.close();
    }
}
