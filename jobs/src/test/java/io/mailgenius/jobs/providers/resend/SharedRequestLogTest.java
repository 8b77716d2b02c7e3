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
import io.mailgenius.jobs.providers.resend.RequestLog.Departure;
import io.mailgenius.jobs.providers.resend.RequestLog.Slot;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedRequestLogTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RedisClient redis =
            RedisClient.create(RedisURI.create(TestRedis.uri().toString()));

    @BeforeEach
    void empty() {
        try (var connection = redis.connect()) {
            connection
                    .sync()
                    .del(
                            RedisRequestLog.REQUESTS,
                            RedisRequestLog.NEXT_SLOT,
                            RedisRequestLog.HELD_UNTIL);
        }
    }

    @AfterEach
    void stop() {
        redis.shutdown(0, 0, TimeUnit.SECONDS);
    }

    private SharedRequestLog node(int perSecond) {
        return new SharedRequestLog(redis, perSecond, () -> 2, System::nanoTime);
    }

    @Test
    void slots_of_two_nodes_are_spaced_in_the_order_of_asking() {
        try (SharedRequestLog one = node(5);
                SharedRequestLog other = node(5)) {
            reserved(one.reserve(PATIENCE));
            Duration second = reserved(other.reserve(PATIENCE));
            Duration third = reserved(one.reserve(PATIENCE));
            Duration fourth = reserved(other.reserve(PATIENCE));

            assertThat(second).isBetween(Duration.ZERO, Duration.ofMillis(203));
            assertThat(third).isBetween(second, second.plusMillis(203));
            assertThat(fourth).isBetween(third, third.plusMillis(203));
            assertThat(fourth).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void a_slot_beyond_ones_patience_is_left_to_others() {
        try (SharedRequestLog log = node(1)) {
            assertThat(reserved(log.reserve(PATIENCE))).isZero();
            assertThat(log.reserve(Duration.ofMillis(100))).isInstanceOf(Slot.Later.class);
            assertThat(reserved(log.reserve(PATIENCE)))
                    .isBetween(ofAlmost(1), Duration.ofMillis(1015));
        }
    }

    @Test
    void a_node_that_leaves_gives_back_the_slot_that_it_waited_for() {
        try (SharedRequestLog leaving = node(1);
                SharedRequestLog other = node(1)) {
            assertThat(reserved(other.reserve(PATIENCE))).isZero();
            SendRateLimiter sendRateLimiter =
                    new SendRateLimiter(
                            leaving,
                            PATIENCE,
                            time -> {
                                throw new InterruptedException();
                            });
            assertThatThrownBy(sendRateLimiter::acquire).isInstanceOf(SendRateLimiter.NotYet.class);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(reserved(other.reserve(PATIENCE)))
                    .isBetween(ofAlmost(1), Duration.ofMillis(1015));
            // It is given back once, and never more than there was.
            assertThat(reserved(other.reserve(PATIENCE.plusSeconds(1))))
                    .isGreaterThan(ofAlmost(2));
        }
    }

    @Test
    void a_hold_holds_slots_and_departures_of_all_nodes() {
        try (SharedRequestLog one = node(5);
                SharedRequestLog other = node(5)) {
            one.hold(Duration.ofSeconds(20));
            one.hold(Duration.ofSeconds(1));

            assertThat(other.reserve(PATIENCE))
                    .isInstanceOfSatisfying(
                            Slot.Later.class,
                            it ->
                                    assertThat(it.in())
                                            .isBetween(
                                                    Duration.ofSeconds(15),
                                                    Duration.ofSeconds(20)));
            assertThat(later(other.depart()))
                    .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
        }
    }

    /** As versions before wrote it, whose nodes run beside this one during an upgrade. */
    @Test
    void a_hold_without_a_moment_in_it_holds_as_long_as_its_key_lives() {
        try (var connection = redis.connect();
                SharedRequestLog log = node(5)) {
            connection.sync().psetex(RedisRequestLog.HELD_UNTIL, 60_000, "");

            assertThat(log.reserve(PATIENCE))
                    .isInstanceOfSatisfying(
                            Slot.Later.class,
                            it ->
                                    assertThat(it.in())
                                            .isBetween(
                                                    Duration.ofSeconds(55),
                                                    Duration.ofSeconds(60)));
        }
    }

    @Test
    void a_hold_is_a_key_that_expires_with_it() {
        try (var connection = redis.connect();
                SharedRequestLog log = node(5)) {
            log.hold(Duration.ofSeconds(20));

            assertThat(connection.sync().pttl(RedisRequestLog.HELD_UNTIL))
                    .isBetween(15_000L, 20_000L);
        }
    }

    @Test
    void without_redis_a_node_keeps_to_its_share_after_a_pause() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        RedisClient nobody = RedisClient.create(RedisURI.create("localhost", port));
        ManualClock clock = new ManualClock();
        try (SharedRequestLog log = new SharedRequestLog(nobody, 5, () -> 2, clock::nanos)) {
            assertThat(log.reserve(PATIENCE)).isEqualTo(new Slot.Later(SendRateLimiter.PATIENCE));
            clock.advance(SendRateLimiter.PATIENCE);

            List<Long> slots = new ArrayList<>();
            while (slots.size() < 5) {
                switch (log.reserve(PATIENCE)) {
                    case Slot.Reserved(Duration in) -> slots.add(clock.nanos() + in.toNanos());
                    case Slot.Later(Duration in) -> clock.advance(in);
                }
                clock.advance(Duration.ofMillis(50));
            }

            for (int n = 1; n < slots.size(); n++) {
                assertThat(slots.get(n) - slots.get(n - 1)).isGreaterThanOrEqualTo(406_000_000L);
            }
        } finally {
            nobody.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }

    @Test
    void what_left_holds_up_whoever_comes_within_a_second_of_it() {
        try (SharedRequestLog one = node(2);
                SharedRequestLog other = node(2)) {
            go(one.depart()).run();
            go(other.depart()).run();

            for (SharedRequestLog each : List.of(one, other)) {
                assertThat(later(each.depart())).isBetween(ofAlmost(1), Duration.ofMillis(1013));
            }
            passed(Duration.ofMillis(900));
            assertThat(later(other.depart())).isLessThan(Duration.ofMillis(113));
            passed(Duration.ofMillis(113));
            go(one.depart());
            go(other.depart());
        }
    }

    @Test
    void what_may_depart_keeps_its_place_until_it_is_reported_as_written() {
        try (SharedRequestLog one = node(1);
                SharedRequestLog other = node(1)) {
            Runnable slow = go(one.depart());
            assertThat(later(other.depart())).as("it may leave at once").isGreaterThan(ofAlmost(1));
            passed(Duration.ofMillis(1900));
            assertThat(later(other.depart())).as("or now").isEqualTo(Duration.ofMillis(20));

            slow.run();
            assertThat(later(one.depart())).as("it does").isGreaterThan(ofAlmost(1));
            passed(Duration.ofMillis(1014));
            go(other.depart());
        }
    }

    /** The way to Redis and back counts as time that it took to leave. */
    @Test
    void what_left_while_the_answer_was_late_has_left_by_now() {
        try (var connection =
                redis.connect(RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE))) {
            RequestLog log =
                    new RedisRequestLog(connection, RateLimit.ofAccount(1), System::nanoTime);
            // Redis gets to the call 100 ms after it was made.
            connection.sync().clientPause(100);
            go(log.depart()).run();

            assertThat(later(log.depart())).isGreaterThan(ofAlmost(1));
        }
    }

    @Test
    void a_node_that_died_before_it_reported_keeps_its_place_for_some_seconds() {
        try (SharedRequestLog log = node(1)) {
            go(log.depart());
            passed(Duration.ofSeconds(2));
            later(log.depart());
            passed(Duration.ofMillis(1014));
            go(log.depart());
        }
    }

    /** As seen from what has left. */
    private void passed(Duration time) {
        try (var connection = redis.connect()) {
            for (var it : connection.sync().zrangeWithScores(RedisRequestLog.REQUESTS, 0, -1)) {
                double before = it.getScore() - time.toNanos() / 1000;
                connection.sync().zadd(RedisRequestLog.REQUESTS, before, it.getValue());
            }
        }
    }

    private static Duration ofAlmost(int seconds) {
        return Duration.ofSeconds(seconds).minusMillis(300);
    }

    private static Runnable go(Departure departure) {
        assertThat(departure).isInstanceOf(Departure.Now.class);
        return ((Departure.Now) departure).written();
    }

    private static Duration later(Departure departure) {
        assertThat(departure).isInstanceOf(Departure.Later.class);
        return ((Departure.Later) departure).in();
    }

    private static Duration reserved(Slot slot) {
        assertThat(slot).isInstanceOf(Slot.Reserved.class);
        return ((Slot.Reserved) slot).in();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1001})
    void a_rate_that_cannot_work_names_its_setting(int perSecond) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node(perSecond))
                .withMessageContaining("MAILGENIUS_RESEND_RATE");
    }
}
