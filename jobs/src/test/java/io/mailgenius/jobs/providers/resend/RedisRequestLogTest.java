package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.jobs.providers.resend.RequestLog.Departure;
import io.mailgenius.jobs.providers.resend.RequestLog.Slot;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes at one Redis, by a manual clock. */
class RedisRequestLogTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final RedisClient REDIS =
            RedisClient.create(RedisURI.create(TestRedis.uri().toString()));
    private static final StatefulRedisConnection<String, byte[]> CONNECTION =
            REDIS.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));

    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void empty() {
        ScriptClock.empty(CONNECTION);
    }

    @AfterAll
    static void stop() {
        REDIS.shutdown(0, 0, TimeUnit.SECONDS);
    }

    private RequestLog node(int perSecond) {
        return ScriptClock.log(CONNECTION, RateLimit.ofAccount(perSecond), clock);
    }

    private static Slot.Reserved slot(int millis) {
        return new Slot.Reserved(Duration.ofMillis(millis));
    }

    private static Departure.Later later(long millis) {
        return new Departure.Later(Duration.ofMillis(millis));
    }

    private static Runnable go(Departure departure) {
        assertThat(departure).isInstanceOf(Departure.Now.class);
        return ((Departure.Now) departure).written();
    }

    @Test
    void slots_are_spaced_in_the_order_of_asking() {
        RequestLog one = node(5);
        RequestLog other = node(5);

        assertThat(Stream.of(one, other, other, one).map(it -> it.reserve(PATIENCE)))
                .containsExactly(slot(0), slot(203), slot(406), slot(609));
        clock.advance(Duration.ofMillis(700));
        assertThat(one.reserve(PATIENCE)).isEqualTo(slot(112));
    }

    @Test
    void accounts_have_slots_of_their_own_and_the_same_account_shares_them() {
        RequestLog installation = log(RedisRequestLog.KEYS);
        RequestLog one = log(RedisRequestLog.keysOf("one"));
        RequestLog same = log(RedisRequestLog.keysOf("one"));

        assertThat(installation.reserve(PATIENCE)).isEqualTo(slot(0));
        assertThat(one.reserve(PATIENCE)).isEqualTo(slot(0));
        assertThat(same.reserve(PATIENCE)).isInstanceOf(Slot.Reserved.class).isNotEqualTo(slot(0));
    }

    private static RequestLog log(String[] keys) {
        CONNECTION.sync().del(keys);
        return new RedisRequestLog(CONNECTION, keys, RateLimit.ofAccount(1), System::nanoTime);
    }

    @Test
    void a_slot_beyond_ones_patience_is_left_to_others() {
        RequestLog log = node(1);
        log.reserve(PATIENCE);

        assertThat(log.reserve(Duration.ofMillis(500)))
                .isEqualTo(new Slot.Later(Duration.ofMillis(1015)));
        assertThat(log.reserve(PATIENCE)).isEqualTo(slot(1015));
    }

    @Test
    void a_node_that_leaves_gives_back_the_slot_that_it_waited_for() {
        RequestLog other = node(1);
        SendRateLimiter leaving =
                new SendRateLimiter(
                        node(1),
                        PATIENCE,
                        time -> {
                            throw new InterruptedException();
                        });
        assertThat(other.reserve(PATIENCE)).isEqualTo(slot(0));
        assertThatThrownBy(leaving::acquire).isInstanceOf(SendRateLimiter.NotYet.class);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(other.reserve(PATIENCE)).isEqualTo(slot(1015));
        // It was given back once.
        assertThat(other.reserve(PATIENCE)).isInstanceOf(Slot.Later.class);
    }

    @Test
    void a_hold_holds_slots_and_departures_until_it_is_over() {
        RequestLog one = node(5);
        RequestLog other = node(5);
        one.hold(Duration.ofSeconds(20));
        one.hold(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(5));

        assertThat(other.reserve(PATIENCE)).isEqualTo(new Slot.Later(Duration.ofSeconds(15)));
        assertThat(other.depart()).isEqualTo(later(15_000));
        clock.advance(Duration.ofSeconds(15));
        assertThat(other.reserve(PATIENCE)).isEqualTo(slot(0));
        go(other.depart());
    }

    @Test
    void a_request_that_left_delays_those_within_a_second_of_it() {
        RequestLog one = node(2);
        RequestLog other = node(2);
        go(one.depart()).run();
        go(other.depart()).run();

        assertThat(Stream.of(one, other).map(RequestLog::depart))
                .containsExactly(later(1010), later(1010));
        clock.advance(Duration.ofMillis(1009));
        assertThat(other.depart()).isEqualTo(later(1));
        clock.advance(Duration.ofMillis(1));
        go(one.depart());
        go(other.depart());
    }

    @Test
    void a_request_that_may_depart_counts_until_it_is_reported_as_written() {
        RequestLog one = node(1);
        RequestLog other = node(1);
        Runnable slow = go(one.depart());
        assertThat(other.depart()).as("it may leave at once").isEqualTo(later(1010));
        clock.advance(Duration.ofMillis(1900));
        assertThat(other.depart()).as("or now").isEqualTo(later(20));

        slow.run();
        assertThat(one.depart()).as("it does").isEqualTo(later(1010));
        clock.advance(Duration.ofMillis(1010));
        go(other.depart());
    }

    @Test
    void the_way_to_redis_and_back_counts_as_time_that_it_took_to_leave() {
        long asked = clock.nanos();
        // The node asks, and Redis is reached 100 ms later.
        clock.advance(Duration.ofMillis(100));
        long[] nanos = {asked};
        RequestLog log = ScriptClock.log(CONNECTION, RateLimit.ofAccount(1), clock, () -> nanos[0]);
        Runnable written = go(log.depart());
        nanos[0] = clock.nanos();
        written.run();

        // Not in the future, where it would count as one that has not left.
        assertThat(log.depart()).isEqualTo(later(1010));
    }

    @Test
    void a_node_that_died_before_it_reported_counts_for_some_seconds() {
        RequestLog log = node(1);
        go(log.depart());
        clock.advance(Duration.ofSeconds(2));

        assertThat(log.depart()).isEqualTo(later(1010));
        clock.advance(Duration.ofMillis(1010));
        go(log.depart());
    }
}
