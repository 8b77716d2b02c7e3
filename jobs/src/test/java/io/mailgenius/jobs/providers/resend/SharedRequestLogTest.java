package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
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
    void nodes_share_slots_and_departures() {
        Duration anHour = Duration.ofHours(1);
        try (SharedRequestLog one = node(1);
                SharedRequestLog other = node(1)) {
            for (int n = 0; n < 300; n++) {
                reserved(one.reserve(anHour));
            }
            assertThat(other.reserve(PATIENCE)).isInstanceOf(Slot.Later.class);
            for (int n = 0; n < 300; n++) {
                other.release();
            }
            assertThat(reserved(one.reserve(anHour))).isLessThan(PATIENCE);

            Departure first = one.depart();
            assertThat(first).isInstanceOf(Departure.Now.class);
            assertThat(other.depart()).isInstanceOf(Departure.Later.class);
        }
    }

    @Test
    void a_hold_holds_slots_and_departures_of_all_nodes() {
        try (SharedRequestLog one = node(5);
                SharedRequestLog other = node(5)) {
            one.hold(Duration.ofSeconds(200));
            one.hold(Duration.ofSeconds(1));

            assertThat(other.reserve(PATIENCE))
                    .isInstanceOfSatisfying(
                            Slot.Later.class,
                            it ->
                                    assertThat(it.in())
                                            .isBetween(
                                                    Duration.ofSeconds(100),
                                                    Duration.ofSeconds(200)));
            assertThat(later(other.depart()))
                    .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(200));
        }
    }

    /** As versions before wrote it, whose nodes run beside this one during an upgrade. */
    @Test
    void a_hold_without_a_moment_in_it_holds_as_long_as_its_key_lives() {
        try (var connection = redis.connect();
                SharedRequestLog log = node(5)) {
            connection.sync().psetex(RedisRequestLog.HELD_UNTIL, 200_000, "");

            assertThat(log.reserve(PATIENCE))
                    .isInstanceOfSatisfying(
                            Slot.Later.class,
                            it ->
                                    assertThat(it.in())
                                            .isBetween(
                                                    Duration.ofSeconds(100),
                                                    Duration.ofSeconds(200)));
        }
    }

    @Test
    void a_hold_is_a_key_that_expires_with_it() {
        try (var connection = redis.connect();
                SharedRequestLog log = node(5)) {
            log.hold(Duration.ofSeconds(200));

            assertThat(connection.sync().pttl(RedisRequestLog.HELD_UNTIL))
                    .isBetween(100_000L, 200_000L);
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
