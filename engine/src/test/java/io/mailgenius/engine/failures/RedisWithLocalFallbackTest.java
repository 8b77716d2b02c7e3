package io.mailgenius.engine.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.engine.TestRedis;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisWithLocalFallbackTest {

    private static final long SECOND = 1_000_000_000L;

    private RedisClient client = RedisClient.create(RedisURI.create(TestRedis.uri().toString()));
    private long now = -7 * SECOND;
    private int askedOfAll;
    private int begunAlone;

    @AfterEach
    void stop() {
        client.shutdown(0, 0, TimeUnit.SECONDS);
    }

    private RedisWithLocalFallback<StatefulRedisConnection<String, byte[]>> node() {
        return new RedisWithLocalFallback<>(
                client, () -> now, it -> it, "alone", () -> begunAlone++);
    }

    private String ask(RedisWithLocalFallback<StatefulRedisConnection<String, byte[]>> node) {
        return node.ask(
                it -> {
                    askedOfAll++;
                    return it.sync().ping();
                },
                () -> "alone");
    }

    private String fail(RedisWithLocalFallback<StatefulRedisConnection<String, byte[]>> node) {
        return node.ask(
                _ -> {
                    throw new RedisCommandTimeoutException("too long");
                },
                () -> "alone");
    }

    @Test
    void after_a_timeout_redis_is_not_tried_for_a_second() {
        try (var node = node()) {
            assertThat(ask(node)).isEqualTo("PONG");
            assertThat(fail(node)).isEqualTo("alone");
            now += SECOND - 1;
            assertThat(ask(node)).isEqualTo("alone");
            assertThat(askedOfAll).isEqualTo(1);
            now += 1;
            assertThat(ask(node)).isEqualTo("PONG");
        }
    }

    @Test
    void the_fallback_is_started_once_per_outage() {
        try (var node = node()) {
            fail(node);
            now += SECOND;
            fail(node);
            assertThat(begunAlone).as("it was never there").isEqualTo(1);

            now += SECOND;
            ask(node);
            fail(node);
            assertThat(begunAlone).as("it had come back").isEqualTo(2);
        }
    }

    @Test
    void a_missing_server_fails_fast() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        client.shutdown(0, 0, TimeUnit.SECONDS);
        client = RedisClient.create(RedisURI.create("localhost", port));
        try (var node = node()) {
            assertThat(ask(node)).isEqualTo("alone");
            assertThat(ask(node)).isEqualTo("alone");
        }
        assertThat(askedOfAll).isZero();
        assertThat(begunAlone).isEqualTo(1);
    }

    @Test
    void a_closed_instance_does_not_use_redis() {
        var node = node();
        ask(node);
        node.close();
        assertThat(ask(node)).isEqualTo("alone");
    }
}
