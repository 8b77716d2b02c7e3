package io.mailgenius.jobs.providers.sandbox;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A provider on this machine. Each node runs its own, on loopback and on a free port. Accepted
 * batches are shared through the database, so that a batch which one node sent and another repeats
 * is one batch. After a crash at any moment a batch is in the table or it was not accepted.
 */
public final class Sandbox implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final SandboxBatches batches;
    private final HttpServer server;
    private final ExecutorService threads;

    private Sandbox(SandboxBatches batches, HttpServer server, ExecutorService threads) {
        this.batches = batches;
        this.server = server;
        this.threads = threads;
    }

    public static Sandbox start(DataSource database, SandboxSettings settings) {
        return start(database, settings, Clock.systemUTC());
    }

    /**
     * @param filters applied to each request before it is processed
     */
    static Sandbox start(
            DataSource database, SandboxSettings settings, Clock clock, Filter... filters) {
        SandboxBatches batches = new SandboxBatches(database);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            server.createContext(
                            "/",
                            new SandboxApi(
                                    batches, new SandboxQuota(database, settings), settings, clock))
                    .getFilters()
                    .addAll(List.of(filters));
            server.setExecutor(threads);
            server.start();
            return new Sandbox(batches, server, threads);
        } catch (IOException e) {
            threads.close();
            throw new UncheckedIOException("The sandbox finds no free port on loopback", e);
        }
    }

    /** The value for {@code ResendSettings.baseUrl}. */
    public URI url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create(
                String.format(
                        Locale.ROOT,
                        "http://%s:%d",
                        host.contains(":") ? "[" + host + "]" : host,
                        address.getPort()));
    }

    /**
     * The newest mails first, of all nodes and workspaces.
     *
     * @param before the last id of the previous page
     */
    public List<SandboxMail> mails(@Nullable UUID before, int limit) {
        List<SandboxMail> mails = new ArrayList<>();
        long batch = Long.MAX_VALUE;
        if (before != null) {
            Optional<MailId> last = MailId.parse(before);
            if (last.isEmpty()) {
                return mails;
            }
            batch = last.get().batch();
            int index = last.get().index();
            batches.find(batch)
                    .filter(it -> index < it.count())
                    .ifPresent(it -> newest(it.mails().subList(0, index), limit, mails));
        }
        while (mails.size() < limit) {
            Optional<SandboxBatches.Stored> older = batches.olderThan(batch);
            if (older.isEmpty()) {
                break;
            }
            newest(older.get().mails(), limit, mails);
            batch = older.get().id();
        }
        return mails;
    }

    private static void newest(List<SandboxMail> oldestFirst, int limit, List<SandboxMail> into) {
        for (int i = oldestFirst.size() - 1; i >= 0 && into.size() < limit; i--) {
            into.add(oldestFirst.get(i));
        }
    }

    public Optional<SandboxMail> mail(UUID id) {
        return MailId.parse(id)
                .flatMap(
                        it ->
                                batches.find(it.batch())
                                        .filter(batch -> it.index() < batch.count())
                                        .map(batch -> batch.mails().get(it.index())));
    }

    /**
     * A call that is interrupted by this is unknown to its caller, which repeats it with its key.
     */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
