package io.mailgenius.engine.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/**
 * A Redis server that this node starts, so that a first start needs nothing but a JDK. It does not
 * persist data, because the ledger restores lost notifications.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private final RedisServer server;
    private final int port;

    private EmbeddedRedis(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * @throws UncheckedIOException if the folder is not writable or the server does not start
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
            throw new UncheckedIOException("The embedded Redis did not start", e);
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

    /** Stops the server without closing this object, to test the reaction of its clients. */
    public void stop() {
        close();
    }

    /**
     * Starts the stopped server again, on the same port and empty.
     *
     * @throws UncheckedIOException if it does not start
     */
    public void startAgain() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded Redis did not start again", e);
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
