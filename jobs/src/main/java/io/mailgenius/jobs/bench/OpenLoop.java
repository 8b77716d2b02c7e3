package io.mailgenius.jobs.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends at a rate, whatever the receiver does: a message's time is counted from when it was due,
 * and not from when there was a connection free. What is not settled by its answer comes again
 * after a second, until it is, like from a provider that does not give up.
 */
public final class OpenLoop implements AutoCloseable {

    private static final long SECOND = 1_000_000_000L;
    private static final long AGAIN = SECOND;
    private static final int PATIENCE_MILLIS = 15_000;

    private final Requests requests;
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

    private record Answer(int status, String location) {}

    private record Again(long at, long number) implements Comparable<Again> {
        @Override
        public int compareTo(Again other) {
            return Long.compare(at, other.at);
        }
    }

    /**
     * @param target where to; nothing while nobody is there
     */
    public OpenLoop(Requests requests, long total, long perSecond, Supplier<@Nullable URI> target) {
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

    /** How often something was sent, repetitions included. */
    public long attempts() {
        return attempts.get();
    }

    /** From the first message's time to the last one's answer. */
    public double seconds() {
        return (lastTaken - begin) / 1e9;
    }

    /** In milliseconds, of all messages, once all are {@link #done}. */
    public double latency(double share) {
        int[] sorted = latencyMicros.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] / 1e3;
    }

    @Override
    public void close() {
        connections.shutdownNow();
    }

    private final class Connection implements Runnable {

        private @Nullable Socket socket;
        private @Nullable InputStream in;
        private @Nullable URI to;

        @Override
        public void run() {
            try {
                while (!done() && !Thread.currentThread().isInterrupted()) {
                    long number = due();
                    if (number >= 0) {
                        send(number);
                    }
                }
            } finally {
                hangUp();
            }
        }

        /** The number of a message whose time has come; -1 to ask again. */
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
                Answer answer = ask(number);
                if (requests.settles(number, answer.status, answer.location)) {
                    long now = System.nanoTime();
                    latencyMicros[(int) number] =
                            (int) Math.min(Integer.MAX_VALUE, (now - dueAt(number)) / 1_000);
                    lastTaken = now;
                    taken.incrementAndGet();
                    return;
                }
            } catch (IOException gone) {
                // As good as not answered.
            }
            hangUp();
            again.add(new Again(System.nanoTime() + AGAIN, number));
            LockSupport.parkNanos(SECOND / 20);
        }

        private Answer ask(long number) throws IOException {
            URI url = target.get();
            if (url == null) {
                throw new IOException("nobody there");
            }
            if (!url.equals(to)) {
                hangUp();
            }
            Socket connected = socket;
            InputStream answers = in;
            if (connected == null || answers == null) {
                connected = new Socket();
                connected.setTcpNoDelay(true);
                connected.setSoTimeout(PATIENCE_MILLIS);
                socket = connected;
                connected.connect(new InetSocketAddress(url.getHost(), url.getPort()), 5_000);
                answers = new BufferedInputStream(connected.getInputStream(), 1_024);
                in = answers;
                to = url;
            }
            connected
                    .getOutputStream()
                    .write(requests.request(number, url.getAuthority(), Instant.now()));
            return answer(answers);
        }

        /** Whose end cannot be told from its length ends the connection. */
        private Answer answer(InputStream answers) throws IOException {
            String first = line(answers);
            if (first.length() < 12) {
                throw new EOFException(first);
            }
            int status = Integer.parseInt(first.substring(9, 12));
            long length = status == 204 ? 0 : -1;
            String location = "";
            boolean close = false;
            for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
                int colon = header.indexOf(':');
                String value = header.substring(colon + 1).strip();
                switch (header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
                    case "content-length" -> length = Long.parseLong(value);
                    case "location" -> location = value;
                    case "connection" -> close = value.equalsIgnoreCase("close");
                    case String other -> {}
                }
            }
            if (length < 0 || close) {
                hangUp();
            } else {
                answers.skipNBytes(length);
            }
            return new Answer(status, location);
        }

        private static String line(InputStream in) throws IOException {
            byte[] line = new byte[512];
            int length = 0;
            int next = in.read();
            while (next != '\n') {
                if (next < 0) {
                    throw new EOFException();
                }
                if (next != '\r' && length < line.length) {
                    line[length++] = (byte) next;
                }
                next = in.read();
            }
            return new String(line, 0, length, US_ASCII);
        }

        private void hangUp() {
            Socket connected = socket;
            socket = null;
            in = null;
            if (connected != null) {
                try {
                    connected.close();
                } catch (IOException closedAnyway) {
                    // Nobody is interested any more.
                }
            }
        }
    }
}
