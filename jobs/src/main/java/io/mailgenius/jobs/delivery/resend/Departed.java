package io.mailgenius.jobs.delivery.resend;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.jobs.delivery.resend.Rate.Leave;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/**
 * The last requests of all nodes in Redis, each with the moment at which it left by the clock of
 * Redis. One may leave if fewer than the account allows have left within the second before it. What
 * a node that dies has left behind is a request that perhaps never left, for a second.
 */
final class Departed {

    static final String KEY = "mailgenius:resend:departed";

    /** 1.3% more than a second: what the way to the provider may add to one and not to another. */
    private static final long WINDOW_MICROS = 1_013_000;

    private static final long FORGOTTEN_MILLIS = 5_000;

    private static final String LEAVE =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local most = tonumber(ARGV[2])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
            if redis.call('ZCARD', KEYS[1]) >= most then
                return redis.call('ZRANGE', KEYS[1], -most, -most, 'WITHSCORES')[2] + ARGV[3] - now
            end
            redis.call('ZADD', KEYS[1], now, ARGV[1])
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
            return 0
            """;

    /** XX: what has been forgotten since is not of interest any more. */
    private static final String LATE =
            """
            local time = redis.call('TIME')
            return redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000000 + time[2], ARGV[1])
            """;

    private final StatefulRedisConnection<String, byte[]> connection;
    private final int perSecond;

    Departed(StatefulRedisConnection<String, byte[]> connection, int perSecond) {
        this.connection = connection;
        this.perSecond = perSecond;
    }

    Leave leave() {
        byte[] id = bytes(UUID.randomUUID().toString());
        Long micros =
                connection
                        .sync()
                        .eval(
                                LEAVE,
                                ScriptOutputType.INTEGER,
                                new String[] {KEY},
                                id,
                                bytes(perSecond),
                                bytes(WINDOW_MICROS),
                                bytes(FORGOTTEN_MILLIS));
        return micros == 0
                ? new Leave.Now(() -> late(id))
                : new Leave.Soon(Duration.ofNanos(Math.max(1, micros) * 1000));
    }

    private void late(byte[] id) {
        connection.async().eval(LATE, ScriptOutputType.INTEGER, new String[] {KEY}, id);
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
