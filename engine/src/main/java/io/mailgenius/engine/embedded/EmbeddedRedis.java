package io.mailgenius.engine.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/**
 * A real Redis of this node's own, so that a first start needs nothing but a JDK. It keeps nothing
 * on disk: what it holds are wake-ups, and the ledger brings lost ones back.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private final RedisServer server;
    private final int port;

    private EmbeddedRedis(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * @throws UncheckedIOException if the folder cannot be written or the server does not come up
     */
    public static EmbeddedRedis start(Path folder) {
        try {
            Files.createDirectories(folder);
            int port = freePort();
            RedisServer server =
                    RedisServer.newRedisServer()
                            .port(port)
                            .setting("save \"\"")
                            .setting("appendonly no")
                            .setting("dir " + folder.toAbsolutePath())
                            .setting("maxmemory 512mb")
                            .build();
            server.start();
            return new EmbeddedRedis(server, port);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded Redis does not start", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public URI uri() {
        return URI.create("redis://localhost:" + port);
    }

    /** Stops the server and leaves it stopped: for finding out what its clients do then. */
    public void stop() {
        close();
    }

    /**
     * Starts the stopped server again, on the same port and with nothing in it.
     *
     * @throws UncheckedIOException if it does not come up
     */
    public void startAgain() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded Redis does not start again", e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
