package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.jobs.providers.resend.RequestRate.Turn;
import io.mailgenius.jobs.providers.resend.SendRateLimiterTest.TestClock;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedRequestRateTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final TestClock clock = new TestClock();
    private final RedisClient redis =
            RedisClient.create(RedisURI.create(TestRedis.uri().toString()));

    @BeforeEach
    void forget() {
        try (var connection = redis.connect()) {
            connection
                    .sync()
                    .del("mailgenius:resend:rate", "mailgenius:resend:hold", RequestWindow.KEY);
        }
    }

    @AfterEach
    void stop() {
        redis.shutdown(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void two_nodes_together_keep_to_the_rate() {
        try (SharedRequestRate one = new SharedRequestRate(redis, 5, () -> 2, clock);
                SharedRequestRate other = new SharedRequestRate(redis, 5, () -> 2, clock)) {
            List<Long> turns = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                switch ((i % 3 == 0 ? one : other).next(PATIENCE)) {
                    case Turn.Yours(Duration in) -> turns.add(clock.nanos + in.toNanos());
                    case Turn.Later(Duration in) -> clock.advance(in);
                }
                clock.advance(Duration.ofMillis(i * 13 % 70));
            }

            assertThat(turns).hasSizeGreaterThan(20);
            for (int i = 5; i < turns.size(); i++) {
                assertThat(turns.get(i) - turns.get(i - 5)).isGreaterThanOrEqualTo(1_000_000_000L);
            }
        }
    }

    @Test
    void a_turn_beyond_ones_patience_is_left_to_others() {
        try (SharedRequestRate rate = new SharedRequestRate(redis, 1, () -> 1, clock)) {
            assertThat(rate.next(PATIENCE)).isEqualTo(new Turn.Yours(Duration.ZERO));
            assertThat(rate.next(Duration.ofMillis(500))).isInstanceOf(Turn.Later.class);
            assertThat(rate.next(PATIENCE)).isEqualTo(new Turn.Yours(Duration.ofMillis(1015)));
        }
    }

    @Test
    void a_node_that_leaves_gives_back_the_turn_that_it_waited_for() {
        try (SharedRequestRate leaving = new SharedRequestRate(redis, 1, () -> 2, clock);
                SharedRequestRate other = new SharedRequestRate(redis, 1, () -> 2, clock)) {
            assertThat(other.next(PATIENCE)).isEqualTo(new Turn.Yours(Duration.ZERO));
            SendRateLimiter sendRateLimiter =
                    new SendRateLimiter(
                            leaving,
                            PATIENCE,
                            over -> {
                                throw new InterruptedException();
                            });
            assertThatThrownBy(sendRateLimiter::turn).isInstanceOf(SendRateLimiter.NotYet.class);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(other.next(PATIENCE)).isEqualTo(new Turn.Yours(Duration.ofMillis(1015)));
            // It is given back once, and never more than there was.
            assertThat(other.next(PATIENCE)).isInstanceOf(Turn.Later.class);
        }
    }

    @Test
    void what_one_node_was_told_holds_the_others_too() {
        try (SharedRequestRate one = new SharedRequestRate(redis, 5, () -> 2, clock);
                SharedRequestRate other = new SharedRequestRate(redis, 5, () -> 2, clock)) {
            one.hold(Duration.ofSeconds(20));
            one.hold(Duration.ofSeconds(1));

            assertThat(other.next(PATIENCE))
                    .isInstanceOfSatisfying(
                            Turn.Later.class,
                            it ->
                                    assertThat(it.in())
                                            .isBetween(
                                                    Duration.ofSeconds(15),
                                                    Duration.ofSeconds(20)));
        }
    }

    @Test
    void without_redis_a_node_keeps_to_its_share_after_a_pause() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        RedisClient nobody = RedisClient.create(RedisURI.create("localhost", port));
        try (SharedRequestRate rate = new SharedRequestRate(nobody, 5, () -> 2, clock)) {
            assertThat(rate.next(PATIENCE)).isEqualTo(new Turn.Later(SendRateLimiter.PATIENCE));
            clock.advance(SendRateLimiter.PATIENCE);

            List<Long> turns = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                switch (rate.next(PATIENCE)) {
                    case Turn.Yours(Duration in) -> turns.add(clock.nanos + in.toNanos());
                    case Turn.Later(Duration in) -> clock.advance(in);
                }
                clock.advance(Duration.ofMillis(400));
            }

            assertThat(turns).hasSize(5);
            assertThat(turns.get(4) - turns.get(1)).isGreaterThanOrEqualTo(3 * 406_000_000L);
        } finally {
            nobody.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }

    @Test
    void what_left_holds_up_whoever_comes_within_a_second_of_it() {
        try (SharedRequestRate one = new SharedRequestRate(redis, 2, () -> 2, Clock.systemUTC());
                SharedRequestRate other =
                        new SharedRequestRate(redis, 2, () -> 2, Clock.systemUTC())) {
            go(one.leave()).left().run();
            go(other.leave()).left().run();

            for (SharedRequestRate each : List.of(one, other)) {
                assertThat(soon(each.leave())).isBetween(ofAlmost(1), Duration.ofMillis(1013));
            }
            passed(Duration.ofMillis(900));
            assertThat(soon(other.leave())).isLessThan(Duration.ofMillis(113));
            passed(Duration.ofMillis(113));
            go(one.leave());
            go(other.leave());
        }
    }

    @Test
    void what_was_let_go_keeps_its_place_until_it_says_that_it_left() {
        try (SharedRequestRate one = new SharedRequestRate(redis, 1, () -> 2, Clock.systemUTC());
                SharedRequestRate other =
                        new SharedRequestRate(redis, 1, () -> 2, Clock.systemUTC())) {
            RequestRate.Leave.Now slow = go(one.leave());
            assertThat(soon(other.leave())).as("it may leave at once").isGreaterThan(ofAlmost(1));
            passed(Duration.ofMillis(1900));
            assertThat(soon(other.leave())).as("or now").isEqualTo(Duration.ofMillis(20));

            slow.left().run();
            assertThat(soon(one.leave())).as("it does").isGreaterThan(ofAlmost(1));
            passed(Duration.ofMillis(1014));
            go(other.leave());
        }
    }

    /** The way to Redis and back counts as time that it took to leave. */
    @Test
    void what_left_while_the_answer_was_late_has_left_by_now() throws Exception {
        try (var connection =
                redis.connect(RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE))) {
            RequestWindow requestWindow = new RequestWindow(connection, 1);
            // Redis gets to the question 100 ms after it was asked.
            connection.sync().clientPause(100);
            go(requestWindow.leave()).left().run();

            assertThat(soon(requestWindow.leave())).isGreaterThan(ofAlmost(1));
        }
    }

    @Test
    void a_node_that_died_before_it_said_so_keeps_its_place_for_some_seconds() {
        try (SharedRequestRate rate = new SharedRequestRate(redis, 1, () -> 1, Clock.systemUTC())) {
            go(rate.leave());
            passed(Duration.ofSeconds(2));
            soon(rate.leave());
            passed(Duration.ofMillis(1014));
            go(rate.leave());
        }
    }

    /** As seen from what has left. */
    private void passed(Duration time) {
        try (var connection = redis.connect()) {
            for (var it : connection.sync().zrangeWithScores(RequestWindow.KEY, 0, -1)) {
                double before = it.getScore() - time.toNanos() / 1000;
                connection.sync().zadd(RequestWindow.KEY, before, it.getValue());
            }
        }
    }

    private static Duration ofAlmost(int seconds) {
        return Duration.ofSeconds(seconds).minusMillis(300);
    }

    private static RequestRate.Leave.Now go(RequestRate.Leave leave) {
        assertThat(leave).isInstanceOf(RequestRate.Leave.Now.class);
        return (RequestRate.Leave.Now) leave;
    }

    private static Duration soon(RequestRate.Leave leave) {
        assertThat(leave).isInstanceOf(RequestRate.Leave.Soon.class);
        return ((RequestRate.Leave.Soon) leave).in();
    }

    @Test
    void a_rate_that_cannot_work_names_its_setting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SharedRequestRate(redis, -1, () -> 1, Clock.systemUTC()))
                .withMessageContaining("MAILGENIUS_RESEND_RATE");
    }
}
