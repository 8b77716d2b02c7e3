package io.mailgenius.schema.embedded;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A PostgreSQL server with its data in a folder, so that a first start needs nothing but a JDK. The
 * data survives restarts.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts the server on a free port with production durability.
     *
     * @throws UncheckedIOException if the folder is not writable or the server does not start
     */
    public static EmbeddedDatabase start(Path folder) {
        return start(folder, true);
    }

    /**
     * @param durable false disables fsync, for tests
     */
    public static EmbeddedDatabase start(Path folder, boolean durable) {
        try {
            Files.createDirectories(folder);
            Path data = data(folder);
            // A node that was killed leaves its server running. Two servers must not run on the
            // same files, so the old one is stopped first, by a fast shutdown.
            new Postmaster(data).stop("INT");
            return new EmbeddedDatabase(
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setOverrideWorkingDirectory(binaries(folder).toFile())
                            .setPort(freePort())
                            .setPGStartupWait(STARTUP)
                            .setErrorRedirector(Redirect.DISCARD)
                            .setOutputRedirector(Redirect.appendTo(log(folder).toFile()))
                            // The library starts the server with -F and asynchronous commits; the
                            // last value wins.
                            .setServerConfig("fsync", durable ? "on" : "off")
                            .setServerConfig("synchronous_commit", durable ? "on" : "off")
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("shared_buffers", sharedBuffers() + "MB")
                            .setServerConfig("max_wal_size", "4GB")
                            .setServerConfig("wal_compression", "on")
                            .setServerConfig("random_page_cost", "1.1")
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The embedded PostgreSQL did not start in " + folder.toAbsolutePath(), e);
        }
    }

    /**
     * In megabytes: a sixteenth of the memory, because nodes, Redis and the page cache need the
     * rest. The server allocates pages as it uses them.
     */
    private static long sharedBuffers() {
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                                .getTotalMemorySize()
                        >> 20;
        return Math.clamp(machine / 16, 128, 2048);
    }

    private static Path data(Path folder) {
        return folder.resolve("postgresql");
    }

    private static Path log(Path folder) {
        return folder.resolve("postgresql.log");
    }

    /** The binaries are unpacked once per parent folder, because they take 50 MB. */
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

    /** The server listens on loopback only and uses trust authentication. */
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
