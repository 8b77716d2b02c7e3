package io.mailgenius.engine;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.engine.embedded.EmbeddedRedis;
import io.mailgenius.schema.Containers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import org.testcontainers.containers.GenericContainer;

/**
 * A Redis server: the one that MAILGENIUS_REDIS_URL names, or an embedded one that runs as long as
 * this JVM.
 */
public final class TestRedis {

    private static final URI URI_OF_ALL = start();
    private static final RedisClient CLIENT = RedisClient.create(URI_OF_ALL.toString());

    private TestRedis() {}

    public static URI uri() {
        return URI_OF_ALL;
    }

    /** Opens a connection for a test. */
    public static StatefulRedisConnection<String, String> connect() {
        return CLIENT.connect();
    }

    private static URI start() {
        String given = System.getenv("MAILGENIUS_REDIS_URL");
        if (given != null && !given.isBlank()) {
            return URI.create(given);
        }
        if (Containers.wanted()) {
            GenericContainer<?> redis = new GenericContainer<>("redis:7").withExposedPorts(6379);
            redis.start();
            return URI.create(
                    "redis://%s:%d".formatted(redis.getHost(), redis.getMappedPort(6379)));
        }
        try {
            EmbeddedRedis redis =
                    EmbeddedRedis.start(Files.createTempDirectory("mailgenius-test-redis"));
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
            return redis.uri();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
