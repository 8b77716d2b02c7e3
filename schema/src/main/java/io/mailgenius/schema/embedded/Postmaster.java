package io.mailgenius.schema.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The postmaster of a PostgreSQL server, found by the files in its data directory. */
public final class Postmaster {

    private static final Duration STOP = Duration.ofSeconds(60);

    private final Path data;

    /**
     * @param data the data directory of the server
     */
    public Postmaster(Path data) {
        this.data = data;
    }

    /**
     * Stops the server, if one runs on the folder.
     *
     * @param signal as for {@code kill}: {@code INT} for a fast shutdown, {@code QUIT} for an
     *     immediate one, after which the next start recovers
     * @throws IOException if it still runs after a minute
     */
    public void stop(String signal) throws IOException {
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

    /** The parent of all processes of the server; empty while it is stopped. */
    public Optional<ProcessHandle> process() throws IOException {
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
}
