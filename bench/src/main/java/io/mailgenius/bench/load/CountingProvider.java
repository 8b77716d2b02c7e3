package io.mailgenius.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
 * Accepts batches at {@code POST /emails/batch} as fast as possible, counts their mails, and stores
 * nothing. {@link #floor} measures HTTP alone: the same requests, with one recorded body.
 */
public final class CountingProvider implements AutoCloseable {

    private final ServerSocket server;
    private final ExecutorService connections = Executors.newCachedThreadPool();
    private final AtomicLong mails = new AtomicLong();
    private final AtomicReference<byte @Nullable []> recorded = new AtomicReference<>();

    private final @Nullable MailsPerPerson people;

    private CountingProvider(ServerSocket server, @Nullable MailsPerPerson people) {
        this.server = server;
        this.people = people;
    }

    public static CountingProvider start() throws IOException {
        return start(null);
    }

    /**
     * @param people counts the mails per person, at the cost of a copy of each body
     */
    public static CountingProvider start(@Nullable MailsPerPerson people) throws IOException {
        CountingProvider provider =
                new CountingProvider(
                        new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), people);
        provider.connections.execute(provider::accept);
        return provider;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.execute(() -> take(socket));
            } catch (IOException | RejectedExecutionException closed) {
                // No client sends any more, or the loop finds the server open and continues.
            }
        }
    }

    private void take(Socket socket) {
        try (socket) {
            // Otherwise each response waits for the acknowledgement of the previous one.
            socket.setTcpNoDelay(true);
            BatchIntake intake =
                    new BatchIntake(
                            socket.getInputStream(), socket.getOutputStream(), mails::addAndGet);
            while (people != null
                    ? count(intake, people)
                    : recorded.get() == null ? record(intake) : intake.take(null)) {
                // Until the client disconnects.
            }
        } catch (IOException gone) {
            // The client detects this itself.
        }
    }

    /** Keeps the first body, for {@link #floor}. */
    private boolean record(BatchIntake intake) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean taken = intake.take(body);
        if (body.size() > 0) {
            recorded.compareAndSet(null, body.toByteArray());
        }
        return taken;
    }

    private static boolean count(BatchIntake intake, MailsPerPerson people) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean taken = intake.take(body);
        if (body.size() > 0) {
            people.accept(intake.header("idempotency-key"), body.toByteArray());
        }
        return taken;
    }

    public URI url() {
        return URI.create("http://localhost:" + server.getLocalPort());
    }

    public long mails() {
        return mails.get();
    }

    /**
     * @param requests the number of requests with the first received body
     * @param callers the number of concurrent clients
     * @return the total time
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
                                        // Otherwise the acknowledgements of the other side are
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
    public void close() throws IOException {
        server.close();
        connections.shutdownNow();
    }
}
