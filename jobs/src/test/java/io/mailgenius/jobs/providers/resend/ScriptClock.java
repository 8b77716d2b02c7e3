package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The script of {@link RedisRequestLog} with a manual clock in the place of the clock of Redis. */
final class ScriptClock {

    private static final String KEY = "mailgenius:test:clock";
    private static final String TIME = "redis.call('TIME')";

    /** Keys would expire by the clock of Redis, which goes on. */
    private static final String EXPIRY = "math.ceil((micros - now) / 1000)";

    private static final String SCRIPT =
            RedisRequestLog.SCRIPT
                    .replace(TIME, "redis.call('LRANGE', '" + KEY + "', 0, 1)")
                    .replace(EXPIRY, "600000");

    private ScriptClock() {}

    static void empty(StatefulRedisConnection<String, byte[]> connection) {
        connection
                .sync()
                .del(
                        KEY,
                        RedisRequestLog.REQUESTS,
                        RedisRequestLog.NEXT_SLOT,
                        RedisRequestLog.HELD_UNTIL,
                        RedisRequestLog.URGENT);
    }

    /** The log of a node; all of one connection share their requests. */
    static RequestLog log(
            StatefulRedisConnection<String, byte[]> connection,
            RateLimit limit,
            ManualClock clock) {
        return log(connection, limit, clock, clock::nanos);
    }

    /**
     * @param nanos the clock of the node
     */
    static RequestLog log(
            StatefulRedisConnection<String, byte[]> connection,
            RateLimit limit,
            ManualClock clock,
            LongSupplier nanos) {
        assertThat(RedisRequestLog.SCRIPT).contains(TIME, EXPIRY);
        Runnable told = () -> set(connection, clock.micros());
        RequestLog log =
                new RedisRequestLog(connection, RedisRequestLog.KEYS, limit, nanos, SCRIPT);
        return new RequestLog() {
            @Override
            public Slot reserve(Duration patience) {
                told.run();
                return log.reserve(patience);
            }

            @Override
            public void release() {
                told.run();
                log.release();
            }

            @Override
            public Departure depart() {
                told.run();
                return reported(log.depart());
            }

            @Override
            public Departure departUrgently() {
                told.run();
                return reported(log.departUrgently());
            }

            private Departure reported(Departure departure) {
                return switch (departure) {
                    case Departure.Later later -> later;
                    case Departure.Now(Runnable written) ->
                            new Departure.Now(
                                    () -> {
                                        told.run();
                                        written.run();
                                    });
                };
            }

            @Override
            public void hold(Duration pause) {
                told.run();
                log.hold(pause);
            }
        };
    }

    private static void set(StatefulRedisConnection<String, byte[]> connection, long micros) {
        connection.sync().del(KEY);
        connection.sync().rpush(KEY, bytes(micros / 1_000_000), bytes(micros % 1_000_000));
    }

    private static byte[] bytes(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
