package io.mailgenius.api.forms;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mailgenius.engine.TestRedis;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FormRateLimiterTest {

    private static final Duration UNTIL_THE_NEXT = Duration.ofSeconds(6);

    private final RedisClient redis =
            RedisClient.create(RedisURI.create(TestRedis.uri().toString()));
    private final String installation = "visitors:" + UUID.randomUUID();

    @AfterEach
    void stop() {
        redis.shutdown(0, 0, TimeUnit.SECONDS);
    }

    private FormRateLimiter node(RedisClient client) {
        return new FormRateLimiter(client, installation, TimeMeter.SYSTEM_MILLISECONDS);
    }

    private static int letIn(FormRateLimiter node, int times) {
        return (int)
                IntStream.range(0, times).filter(_ -> node.pause("192.0.2.1").isZero()).count();
    }

    @Test
    void a_client_has_one_allowance_on_all_nodes() {
        try (FormRateLimiter one = node(redis);
                FormRateLimiter other = node(redis)) {
            assertThat(letIn(one, 11) + letIn(other, 30)).isEqualTo(FormRateLimiter.AT_ONCE);
            assertThat(one.pause("192.0.2.1")).isPositive().isLessThanOrEqualTo(UNTIL_THE_NEXT);
            assertThat(one.pause("192.0.2.2")).isZero();
        }
    }

    @Test
    void one_network_of_ipv6_is_one_client() {
        try (FormRateLimiter one = node(redis);
                FormRateLimiter other = node(redis)) {
            for (int n = 0; n < FormRateLimiter.AT_ONCE; n++) {
                assertThat(one.pause("2001:db8:0:1::" + n)).isZero();
            }
            assertThat(other.pause("2001:db8:0:1:ffff::1")).isPositive();
            assertThat(other.pause("2001:db8:0:2::1")).isZero();
        }
    }

    @Test
    void without_redis_a_node_counts_by_itself() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        RedisClient nobody = RedisClient.create(RedisURI.create("localhost", port));
        try (FormRateLimiter one = node(nobody);
                FormRateLimiter other = node(nobody)) {
            assertThat(letIn(one, 30)).isEqualTo(FormRateLimiter.AT_ONCE);
            assertThat(letIn(other, 30)).isEqualTo(FormRateLimiter.AT_ONCE);
        } finally {
            nobody.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_node_that_loses_redis_goes_on_by_itself() {
        RedisClient lost = RedisClient.create(RedisURI.create(TestRedis.uri().toString()));
        try (FormRateLimiter node = node(lost)) {
            assertThat(letIn(node, 30)).isEqualTo(FormRateLimiter.AT_ONCE);
            lost.shutdown(0, 0, TimeUnit.SECONDS);
            assertThat(letIn(node, 30)).as("a count of its own").isEqualTo(FormRateLimiter.AT_ONCE);
        }
    }
}
