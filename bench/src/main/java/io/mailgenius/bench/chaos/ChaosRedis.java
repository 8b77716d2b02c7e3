package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/** A Redis without persistence that can be stopped and started again on the same port, empty. */
final class ChaosRedis implements AutoCloseable {

    private final RedisServer server;
    private final int port;

    private ChaosRedis(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * @throws UncheckedIOException if the folder is not writable or the server does not start
     */
    static ChaosRedis start(Path folder) {
        try {
            Files.createDirectories(folder);
            int port = freePort();
            ChaosRedis redis =
                    new ChaosRedis(
                            RedisServer.newRedisServer()
                                    .port(port)
                                    .setting("save \"\"")
                                    .setting("appendonly no")
                                    .setting("dir " + folder.toAbsolutePath())
                                    .setting("maxmemory 512mb")
                                    .build(),
                            port);
            redis.startAgain();
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    URI uri() {
        return URI.create("redis://localhost:" + port);
    }

    void stop() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis did not stop", e);
        }
    }

    void startAgain() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis did not start", e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
