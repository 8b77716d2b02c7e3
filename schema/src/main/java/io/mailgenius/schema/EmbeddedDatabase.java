package io.mailgenius.schema;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real PostgreSQL in a folder, so that a first start needs nothing but a JDK. What is in the
 * folder stays across restarts.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts the server on a free port with a durability that production would have.
     *
     * @throws UncheckedIOException if the folder cannot be written or the server does not come up
     */
    public static EmbeddedDatabase start(Path folder) {
        return start(folder, true);
    }

    /**
     * @param durable false lets the server skip every fsync: for tests, whose data nobody misses
     */
    static EmbeddedDatabase start(Path folder, boolean durable) {
        try {
            Files.createDirectories(folder);
            Path data = folder.resolve("postgresql");
            stopLeftOver(data);
            return new EmbeddedDatabase(
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setOverrideWorkingDirectory(binaries(folder).toFile())
                            .setPort(freePort())
                            .setPGStartupWait(STARTUP)
                            .setErrorRedirector(Redirect.DISCARD)
                            .setOutputRedirector(
                                    Redirect.appendTo(folder.resolve("postgresql.log").toFile()))
                            // The library starts the server with -F and without waiting for commits
                            // to
                            // reach the disk; the last word counts.
                            .setServerConfig("fsync", durable ? "on" : "off")
                            .setServerConfig("synchronous_commit", durable ? "on" : "off")
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("shared_buffers", "256MB")
                            .setServerConfig("max_wal_size", "4GB")
                            .setServerConfig("wal_compression", "on")
                            .setServerConfig("random_page_cost", "1.1")
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The embedded PostgreSQL does not start in " + folder.toAbsolutePath(), e);
        }
    }

    /**
     * A node that was killed leaves its server running on the folder, and a second one on the same
     * files must not start: the old one is told to stop, as its own console would do.
     */
    private static void stopLeftOver(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().trim());
        var server =
                ProcessHandle.of(pid)
                        .filter(p -> p.info().command().orElse("").contains("postgres"));
        if (server.isEmpty()) {
            // The pid is a stranger's by now; the server itself would refuse to start over the
            // file.
            Files.deleteIfExists(pidFile);
            return;
        }
        server.get().destroy();
        try {
            server.get().onExit().get(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("PostgreSQL " + pid + " still works on " + data, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while PostgreSQL " + pid + " was stopping", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException(e);
        }
    }

    /** Unpacked once per folder's parent machine, not once per folder: it is 50 MB. */
    private static Path binaries(Path folder) throws IOException {
        Path shared =
                Path.of(System.getProperty("java.io.tmpdir"), "mailgenius-postgresql-binaries");
        try {
            return Files.createDirectories(shared);
        } catch (IOException e) {
            return Files.createDirectories(folder.resolve("binaries"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    public String username() {
        return "postgres";
    }

    /** The server listens on loopback only and trusts who comes from there. */
    public String password() {
        return "";
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
