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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A PostgreSQL server with its data in a folder, so that a first start needs nothing but a JDK. The
 * data survives restarts.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final Path folder;
    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(Path folder, EmbeddedPostgres postgres) {
        this.folder = folder;
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
                    folder,
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

    /** The postmaster process, the parent of all others; empty while the server is stopped. */
    public Stream<ProcessHandle> processes() {
        try {
            return new Postmaster(data(folder)).process().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stops the server without closing this object, to test the reaction of its clients.
     *
     * @param crash true for an immediate shutdown, after which the next start recovers; false for a
     *     fast shutdown
     * @throws UncheckedIOException if it does not end within a minute
     */
    public void stop(boolean crash) {
        try {
            new Postmaster(data(folder)).stop(crash ? "QUIT" : "INT");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a hot standby of this server by streaming replication. It is read-only until it is
     * {@linkplain #promote promoted}.
     *
     * @param other the data directory of the standby
     * @throws UncheckedIOException if it does not start
     */
    public EmbeddedDatabase standby(Path other) {
        try {
            new BaseBackup(jdbcUrl(), username(), data(folder)).copyTo(data(other));
            return start(other);
        } catch (IOException | SQLException e) {
            throw new UncheckedIOException(
                    new IOException(
                            "The standby could not be created in " + other.toAbsolutePath(), e));
        }
    }

    /**
     * Promotes the standby.
     *
     * @throws UncheckedIOException if it is not promoted within a minute
     */
    public void promote() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), username(), "");
                Statement statement = connection.createStatement();
                ResultSet promoted =
                        statement.executeQuery(
                                "SELECT pg_promote(true, %d)".formatted(STARTUP.toSeconds()))) {
            if (!promoted.next() || !promoted.getBoolean(1)) {
                throw new UncheckedIOException(
                        new IOException("The standby was not promoted: " + folder));
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /**
     * Starts the stopped server again, on the same port.
     *
     * @throws UncheckedIOException if it does not accept connections within a minute
     */
    public void startAgain() {
        try {
            new Postmaster(data(folder)).startAgain(jdbcUrl(), username(), log(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
