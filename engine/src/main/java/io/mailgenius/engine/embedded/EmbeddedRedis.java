package io.mailgenius.engine.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import redis.embedded.RedisServer;

/**
 * A Redis server that this node starts, so that a first start needs nothing but a JDK. It does not
 * persist data, because the ledger restores lost notifications.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final int PASSWORD_BYTES = 24;

    private final RedisServer server;
    private final int port;
    private final String password;

    private EmbeddedRedis(RedisServer server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * @throws UncheckedIOException if the folder is not writable or the server does not start
     */
    public static EmbeddedRedis start(Path folder) {
        try {
            Files.createDirectories(folder);
            int port = freePort();
            String password = newPassword();
            RedisServer server =
                    RedisServer.newRedisServer()
                            .port(port)
                            .setting("save \"\"")
                            .setting("appendonly no")
                            .setting("dir " + folder.toAbsolutePath())
                            .setting("maxmemory 512mb")
                            .setting("requirepass " + password)
                            .build();
            server.start();
            return new EmbeddedRedis(server, port, password);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded Redis did not start", e);
        }
    }

    /** Without characters that a URL or the configuration of Redis would have to escape. */
    private static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The address of the server, with its password. */
    public URI uri() {
        return URI.create("redis://:" + password + "@localhost:" + port);
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
