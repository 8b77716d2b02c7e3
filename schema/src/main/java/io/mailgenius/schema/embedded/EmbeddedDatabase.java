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
 * A real PostgreSQL in a folder, so that a first start needs nothing but a JDK. What is in the
 * folder stays across restarts.
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
    public static EmbeddedDatabase start(Path folder, boolean durable) {
        try {
            Files.createDirectories(folder);
            Path data = data(folder);
            // A node that was killed leaves its server running on the folder, and a second one on
            // the
            // same files must not start: the old one is told to stop, as its own console would do.
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
                            // The library starts the server with -F and without waiting for commits
                            // to
                            // reach the disk; the last word counts.
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
                    "The embedded PostgreSQL does not start in " + folder.toAbsolutePath(), e);
        }
    }

    /**
     * Megabytes: a sixteenth of the machine, since nodes, Redis and the file system's cache live on
     * it, too. The server takes them one by one, as it needs them.
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

    /** The server's first process, whose descendants are all others; none while it is stopped. */
    public Stream<ProcessHandle> processes() {
        try {
            return new Postmaster(data(folder)).process().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stops the server and leaves it stopped, whoever is connected: for finding out what they do
     * then.
     *
     * @param crash true drops everything at once and leaves the next start to recover; false writes
     *     everything to disk first
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
     * Starts another server that has all that this one has, and follows it by streaming
     * replication. Until it is {@linkplain #promote promoted} it can only be read.
     *
     * @param other where its data go
     * @throws UncheckedIOException if it does not come up
     */
    public EmbeddedDatabase standby(Path other) {
        try {
            new BaseBackup(jdbcUrl(), username(), data(folder)).copyTo(data(other));
            return start(other);
        } catch (IOException | SQLException e) {
            throw new UncheckedIOException(
                    new IOException("No standby can be made in " + other.toAbsolutePath(), e));
        }
    }

    /**
     * The standby follows nobody any more and can be written.
     *
     * @throws UncheckedIOException if it cannot within a minute
     */
    public void promote() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), username(), "");
                Statement statement = connection.createStatement();
                ResultSet promoted =
                        statement.executeQuery(
                                "SELECT pg_promote(true, %d)".formatted(STARTUP.toSeconds()))) {
            if (!promoted.next() || !promoted.getBoolean(1)) {
                throw new UncheckedIOException(new IOException("It is not promoted: " + folder));
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /**
     * Starts the stopped server again, on the same port.
     *
     * @throws UncheckedIOException if it does not answer within a minute
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
