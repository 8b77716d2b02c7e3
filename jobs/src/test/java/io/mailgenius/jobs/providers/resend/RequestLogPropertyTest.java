package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests at random, by a manual clock, of a log in memory and of the script in Redis. */
class RequestLogPropertyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long SECOND = 1_000_000;

    private static final RedisClient REDIS =
            RedisClient.create(RedisURI.create(TestRedis.uri().toString()));
    private static final StatefulRedisConnection<String, byte[]> CONNECTION =
            REDIS.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));

    private final ManualClock clock = new ManualClock();

    @AfterAll
    static void stop() {
        REDIS.shutdown(0, 0, TimeUnit.SECONDS);
    }

    @BeforeEach
    void empty() {
        ScriptClock.empty(CONNECTION);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    static LongStream fewSeeds() {
        return LongStream.range(0, 8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void no_second_sees_more_than_the_rate_wherever_it_begins(long seed) {
        Random random = new Random(seed);
        int perSecond = 1 + random.nextInt(20);
        RateLimit limit = RateLimit.ofAccount(perSecond);

        Simulation simulation =
                new Simulation(random, new LocalRequestLog(() -> limit, clock::nanos));

        assertThat(simulation.excess(perSecond)).isEmpty();
        assertThat(simulation.left).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void in_redis_neither(long seed) {
        Random random = new Random(seed);
        int perSecond = 1 + random.nextInt(20);

        Simulation simulation =
                new Simulation(
                        random, ScriptClock.log(CONNECTION, RateLimit.ofAccount(perSecond), clock));

        assertThat(simulation.excess(perSecond)).isEmpty();
        assertThat(simulation.left).hasSizeGreaterThan(10);
    }

    /** The share of each of several nodes that cannot ask each other. */
    @ParameterizedTest
    @MethodSource("seeds")
    void nodes_that_are_alone_keep_to_the_rate_together(long seed) {
        Random random = new Random(seed);
        int perSecond = 1 + random.nextInt(20);
        int nodes = 1 + random.nextInt(5);
        List<RequestLog> logs = new ArrayList<>();
        for (int n = 0; n < nodes; n++) {
            RateLimit share = RateLimit.ofNode(perSecond, nodes);
            logs.add(new LocalRequestLog(() -> share, clock::nanos));
        }

        Simulation simulation = new Simulation(random, logs.toArray(RequestLog[]::new));

        // Each may begin its distance anew, so a second may see one of each node more.
        assertThat(simulation.excess(perSecond + nodes)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void the_script_and_the_local_log_answer_alike(long seed) {
        Random random = new Random(seed);
        RateLimit limit =
                new RateLimit(
                        1 + random.nextInt(6),
                        100_000 + random.nextInt(2_000_000),
                        1_000 + random.nextInt(400_000));
        RequestLog script = ScriptClock.log(CONNECTION, limit, clock);
        RequestLog local = new LocalRequestLog(() -> limit, clock::nanos);
        List<Runnable> unreported = new ArrayList<>();
        for (int n = 0; n < 300; n++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    Duration patience = Duration.ofMillis(random.nextInt(3000));
                    assertThat(script.reserve(patience)).isEqualTo(local.reserve(patience));
                }
                case 3 -> {
                    // Of one that was reserved: there is none before the first.
                    if (script.reserve(PATIENCE) instanceof Slot.Reserved mine) {
                        assertThat(local.reserve(PATIENCE)).isEqualTo(mine);
                        script.release();
                        local.release();
                    } else {
                        assertThat(local.reserve(PATIENCE)).isInstanceOf(Slot.Later.class);
                    }
                }
                case 4, 5, 6, 7, 11 -> {
                    boolean urgent = random.nextInt(4) == 0;
                    Departure one = urgent ? script.departUrgently() : script.depart();
                    Departure other = urgent ? local.departUrgently() : local.depart();
                    if (one instanceof Departure.Now(Runnable written)
                            && other instanceof Departure.Now(Runnable writtenToo)) {
                        unreported.add(
                                () -> {
                                    written.run();
                                    writtenToo.run();
                                });
                    } else {
                        assertThat(one).isEqualTo(other);
                    }
                }
                case 8, 9 -> {
                    if (!unreported.isEmpty()) {
                        unreported.remove(random.nextInt(unreported.size())).run();
                    }
                }
                case 10 -> {
                    if (random.nextInt(10) == 0) {
                        Duration pause = Duration.ofMillis(random.nextInt(1500));
                        script.hold(pause);
                        local.hold(pause);
                    }
                }
                default -> {}
            }
            clock.advance(Duration.ofNanos(1000L * random.nextInt(300_000)));
        }
    }

    @Test
    void an_urgent_request_finds_room_while_others_use_all_of_the_rate() {
        RequestLog log = ScriptClock.log(CONNECTION, RateLimit.ofAccount(5), clock);
        List<Long> left = new ArrayList<>();
        List<Long> waits = new ArrayList<>();
        long urgentSince = -1;
        for (int step = 0; step < 1_000; step++) {
            if (step >= 200 && step % 50 == 0) {
                urgentSince = clock.micros();
            }
            // The others ask first, and more often than the rate allows.
            if (log.depart() instanceof Departure.Now(Runnable written)) {
                written.run();
                left.add(clock.micros());
            }
            if (urgentSince >= 0
                    && log.departUrgently() instanceof Departure.Now(Runnable written)) {
                written.run();
                left.add(clock.micros());
                waits.add(clock.micros() - urgentSince);
                urgentSince = -1;
            }
            clock.advance(Duration.ofMillis(20));
        }
        assertThat(waits).hasSize(16);
        assertThat(waits.getFirst()).isLessThan(SECOND + 20_000);
        assertThat(waits.stream().skip(1)).allMatch(wait -> wait <= 20_000);
        for (int n = 5; n < left.size(); n++) {
            assertThat(left.get(n) - left.get(n - 5)).isGreaterThanOrEqualTo(SECOND);
        }
    }

    /**
     * Some threads on each log that send one request after the other: late when their slot has
     * come, and slow to write.
     */
    private final class Simulation {

        private static final int REQUESTS = 400;

        /** When each request left, in microseconds. */
        private final List<Long> left = new ArrayList<>();

        private final Random random;
        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::at));

        private record Event(long at, Runnable what) {}

        Simulation(Random random, RequestLog... logs) {
            this.random = random;
            int threads = 1 + random.nextInt(12);
            for (RequestLog log : logs) {
                for (int n = 0; n < threads; n++) {
                    in(random.nextInt(500_000), () -> acquire(log));
                }
            }
            for (int n = 0; n < REQUESTS * 20 && left.size() < REQUESTS; n++) {
                Event next = events.remove();
                clock.advanceTo(next.at());
                next.what().run();
            }
        }

        private void in(long micros, Runnable what) {
            events.add(new Event(clock.micros() + micros, what));
        }

        private void acquire(RequestLog log) {
            switch (log.reserve(PATIENCE)) {
                case Slot.Reserved(Duration in) -> {
                    if (random.nextInt(20) == 0) {
                        log.release();
                        in(random.nextInt(500_000), () -> acquire(log));
                    } else {
                        in(RateLimit.micros(in) + delay(), () -> depart(log));
                    }
                }
                case Slot.Later(Duration in) -> in(RateLimit.micros(in), () -> acquire(log));
            }
        }

        private void depart(RequestLog log) {
            switch (log.depart()) {
                case Departure.Now(Runnable written) ->
                        in(
                                delay(),
                                () -> {
                                    left.add(clock.micros());
                                    written.run();
                                    if (random.nextInt(100) == 0) {
                                        log.hold(Duration.ofMillis(random.nextInt(1500)));
                                    }
                                    in(delay(), () -> acquire(log));
                                });
                case Departure.Later(Duration in) ->
                        in(RateLimit.micros(in) + 1, () -> depart(log));
            }
        }

        /** Mostly short; what is longer than two seconds is not promised anything. */
        private long delay() {
            return switch (random.nextInt(10)) {
                case 0 -> random.nextInt(1_900_000);
                case 1, 2 -> random.nextInt(100_000);
                default -> random.nextInt(2_000);
            };
        }

        /** Seconds with more requests. */
        List<String> excess(int most) {
            List<String> found = new ArrayList<>();
            for (int n = most; n < left.size(); n++) {
                long span = left.get(n) - left.get(n - most);
                if (span < SECOND) {
                    found.add("%d requests within %d µs".formatted(most + 1, span));
                }
            }
            return found;
        }
    }
}
