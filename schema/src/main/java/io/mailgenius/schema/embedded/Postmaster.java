package io.mailgenius.schema.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The postmaster of a PostgreSQL server, found by the files in its data directory. */
final class Postmaster {

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration START = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private final Path data;

    Postmaster(Path data) {
        this.data = data;
    }

    /**
     * Stops the server, if one runs on the folder.
     *
     * @param signal as for {@code kill}: {@code INT} for a fast shutdown, {@code QUIT} for an
     *     immediate one, after which the next start recovers
     * @throws IOException if it still runs after a minute
     */
    void stop(String signal) throws IOException {
        Optional<ProcessHandle> server = process();
        if (server.isEmpty()) {
            // The pid, if it exists, belongs to another process by now. PostgreSQL would refuse to
            // start because of the file.
            Files.deleteIfExists(pidFile());
            return;
        }
        long pid = server.get().pid();
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
            server.get().onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("PostgreSQL " + pid + " still runs on " + data, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while PostgreSQL " + pid + " was stopping", e);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    Optional<ProcessHandle> process() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile()).getFirst().trim());
        return ProcessHandle.of(pid)
                .filter(it -> it.info().command().orElse("").contains("postgres"));
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    /**
     * Starts the server with the options of its last start, and waits until it accepts connections.
     *
     * @throws IOException if it does not within a minute
     */
    void startAgain(String jdbcUrl, String username, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL refuses to run as root, so it runs in a user namespace.
            command.addAll(List.of("unshare", "-U"));
        }
        String before = Files.readString(data.resolve("postmaster.opts")).strip();
        command.addAll(List.of("sh", "-c", "exec " + before));
        Process server =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
        long end = System.nanoTime() + START.toNanos();
        while (!answers(jdbcUrl, username)) {
            if (!server.isAlive() || System.nanoTime() > end) {
                throw new IOException("PostgreSQL did not start again; see " + log);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while PostgreSQL was starting", e);
            }
        }
    }

    private static boolean answers(String jdbcUrl, String username) {
        try (var connection = DriverManager.getConnection(jdbcUrl, username, "")) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }
}
