package io.mailgenius.bench.chaos;

import io.mailgenius.schema.embedded.EmbeddedDatabase;
import io.mailgenius.schema.embedded.Postmaster;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An embedded PostgreSQL that can be stopped, started again, and given a standby. */
final class ChaosDatabase implements AutoCloseable {

    private static final String PASSWORD = "postgresql.password";

    private static final Duration STARTUP = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private final Path folder;
    private final EmbeddedDatabase server;
    private final Postmaster postmaster;

    private ChaosDatabase(Path folder, EmbeddedDatabase server) {
        this.folder = folder;
        this.server = server;
        this.postmaster = new Postmaster(data(folder));
    }

    /** As {@link EmbeddedDatabase#start(Path)}. */
    static ChaosDatabase start(Path folder) {
        return new ChaosDatabase(folder, EmbeddedDatabase.start(folder));
    }

    private static Path data(Path folder) {
        return folder.resolve("postgresql");
    }

    String jdbcUrl() {
        return server.jdbcUrl();
    }

    String username() {
        return server.username();
    }

    String password() {
        return server.password();
    }

    /** The postmaster process, the parent of all others; empty while the server is stopped. */
    Optional<ProcessHandle> process() {
        try {
            return postmaster.process();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stops the server without closing this object.
     *
     * @param crash true for an immediate shutdown, after which the next start recovers; false for a
     *     fast shutdown
     * @throws UncheckedIOException if it does not end within a minute
     */
    void stop(boolean crash) {
        try {
            postmaster.stop(crash ? "QUIT" : "INT");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts the stopped server again, on the same port and with the options of its last start.
     *
     * @throws IOException if it does not accept connections within a minute
     */
    void startAgain() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL refuses to run as root, so it runs in a user namespace.
            command.addAll(List.of("unshare", "-U"));
        }
        String before = Files.readString(data(folder).resolve("postmaster.opts")).strip();
        command.addAll(List.of("sh", "-c", "exec " + before));
        Path log = folder.resolve("postgresql.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
        long end = System.nanoTime() + STARTUP.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("PostgreSQL did not start again; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), username(), password());
    }

    /**
     * Starts a hot standby of this server by streaming replication. It is read-only until it is
     * {@linkplain #promote promoted}.
     *
     * @param other the folder of the standby
     * @throws IOException if the copy cannot be made
     * @throws UncheckedIOException if it does not start
     */
    ChaosDatabase standby(Path other) throws IOException {
        try {
            new BaseBackup(jdbcUrl(), username(), password(), data(folder)).copyTo(data(other));
            // The standby has the users of this server, and so their passwords.
            Files.copy(
                    folder.resolve(PASSWORD),
                    other.resolve(PASSWORD),
                    StandardCopyOption.COPY_ATTRIBUTES);
        } catch (SQLException e) {
            throw new IOException("The standby could not be created in " + other, e);
        }
        return start(other);
    }

    /**
     * Promotes the standby.
     *
     * @throws IOException if it is not promoted within a minute
     */
    void promote() throws IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet promoted =
                        statement.executeQuery(
                                "SELECT pg_promote(true, %d)".formatted(STARTUP.toSeconds()))) {
            if (!promoted.next() || !promoted.getBoolean(1)) {
                throw new IOException("The standby was not promoted: " + folder);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
