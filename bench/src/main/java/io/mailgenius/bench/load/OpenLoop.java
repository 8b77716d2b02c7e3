package io.mailgenius.bench.load;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends at a fixed rate, independently of the receiver. The latency of a message counts from when
 * it was due, not from when a connection was free. A message without a settling response is
 * repeated after a second, like by a provider that retries.
 */
public final class OpenLoop implements AutoCloseable {

    private static final long SECOND = 1_000_000_000L;
    private static final long AGAIN = SECOND;

    private final NumberedRequests requests;
    private final long total;
    private final long perSecond;
    private final Supplier<@Nullable URI> target;
    private final int[] latencyMicros;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong attempts = new AtomicLong();
    private final PriorityBlockingQueue<Again> again = new PriorityBlockingQueue<>();
    private final ExecutorService connections;
    private volatile long begin;
    private volatile long lastTaken;

    private record Again(long at, long number) implements Comparable<Again> {
        @Override
        public int compareTo(Again other) {
            return Long.compare(at, other.at);
        }
    }

    /**
     * @param target the URL; null while no node is available
     */
    public OpenLoop(
            NumberedRequests requests, long total, long perSecond, Supplier<@Nullable URI> target) {
        this.requests = requests;
        this.total = total;
        this.perSecond = perSecond;
        this.target = target;
        this.latencyMicros = new int[(int) total];
        this.connections = Executors.newVirtualThreadPerTaskExecutor();
    }

    public void start(int atATime) {
        begin = System.nanoTime();
        for (int n = 0; n < atATime; n++) {
            connections.execute(new Connection());
        }
    }

    public boolean done() {
        return taken.get() == total;
    }

    public long taken() {
        return taken.get();
    }

    /** The number of requests, including repetitions. */
    public long attempts() {
        return attempts.get();
    }

    /** Seconds from the first message to the last response. */
    public double seconds() {
        return (lastTaken - begin) / 1e9;
    }

    /** In milliseconds, of all messages, once all are {@link #done}. */
    public double latency(double share) {
        return latency(share, _ -> true);
    }

    /**
     * The same of some of the messages.
     *
     * @param which by their numbers
     * @return 0 if there are none
     */
    public double latency(double share, LongPredicate which) {
        int[] sorted =
                IntStream.range(0, latencyMicros.length)
                        .filter(which::test)
                        .map(number -> latencyMicros[number])
                        .sorted()
                        .toArray();
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
                        / 1e3;
    }

    @Override
    public void close() {
        connections.shutdownNow();
    }

    private final class Connection implements Runnable {

        private final HttpConnection httpConnection = new HttpConnection();

        @Override
        public void run() {
            try (httpConnection) {
                while (!done() && !Thread.currentThread().isInterrupted()) {
                    long number = due();
                    if (number >= 0) {
                        send(number);
                    }
                }
            }
        }

        /** The number of a message that is due; -1 if none is due yet. */
        private long due() {
            Again repetition = again.peek();
            if (repetition != null
                    && repetition.at <= System.nanoTime()
                    && again.remove(repetition)) {
                return repetition.number;
            }
            if (next.get() >= total) {
                LockSupport.parkNanos(SECOND / 100);
                return -1;
            }
            long number = next.getAndIncrement();
            if (number >= total) {
                return -1;
            }
            long wait = dueAt(number) - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                if (Thread.currentThread().isInterrupted()) {
                    return -1;
                }
                wait = dueAt(number) - System.nanoTime();
            }
            return number;
        }

        private long dueAt(long number) {
            return begin + number * SECOND / perSecond;
        }

        private void send(long number) {
            attempts.incrementAndGet();
            try {
                URI url = target.get();
                if (url == null) {
                    throw new IOException("nobody there");
                }
                HttpConnection.Answer answer =
                        httpConnection.ask(
                                url, requests.request(number, url.getAuthority(), Instant.now()));
                if (requests.settles(number, answer.status(), answer.location())) {
                    long now = System.nanoTime();
                    latencyMicros[(int) number] =
                            (int) Math.min(Integer.MAX_VALUE, (now - dueAt(number)) / 1_000);
                    lastTaken = now;
                    taken.incrementAndGet();
                    return;
                }
            } catch (IOException gone) {
                // Equivalent to no response.
            }
            httpConnection.close();
            again.add(new Again(System.nanoTime() + AGAIN, number));
            LockSupport.parkNanos(SECOND / 20);
        }
    }
}
