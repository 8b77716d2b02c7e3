package io.mailgenius.jobs.providers.resend;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.jobs.providers.resend.RequestRate.Leave;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/**
 * The last requests of all nodes in Redis, each with the moment at which it left by the clock of
 * Redis. One may leave if fewer than the account allows have left within the second before it.
 *
 * <p>Between the word that a request may leave and its last byte lie threads that wake late, code
 * that is loaded and collectors of garbage. So it is taken for one that has not left until its node
 * says that it has, and when. What a node that dies has let go holds a place for some seconds.
 */
final class RequestWindow {

    static final String KEY = "mailgenius:resend:departed";

    /** 1% more than a second: what the way to the provider may add to one and not to another. */
    private static final long WINDOW_MICROS = 1_010_000;

    /** Longer than a collection of garbage or a machine that is short of processors takes. */
    private static final long UNTOLD_MICROS = 2_000_000;

    private static final long FORGOTTEN_MILLIS = 5_000;

    /**
     * Answers the moment, or how long to wait as a negative number. Whoever waits for one that has
     * not told waits as if it left now, and asks again.
     */
    private static final String LEAVE =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local most, window, untold = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
            if redis.call('ZCARD', KEYS[1]) >= most then
                local left = tonumber(redis.call('ZRANGE', KEYS[1], -most, -most, 'WITHSCORES')[2])
                if left > now then
                    left = math.max(left - untold, now + 20000 - window)
                end
                return now - window - left
            end
            redis.call('ZADD', KEYS[1], now + untold, ARGV[1])
            redis.call('PEXPIRE', KEYS[1], ARGV[5])
            return now
            """;

    /**
     * Not later than now, whatever the way of the question to Redis added to the moment: a moment
     * to come is taken for one that has not told. What has been forgotten since is not of interest
     * any more.
     */
    private static final String LEFT =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            redis.call('ZADD', KEYS[1], 'XX', math.min(now, tonumber(ARGV[2])), ARGV[1])
            """;

    private final StatefulRedisConnection<String, byte[]> connection;
    private final int perSecond;

    RequestWindow(StatefulRedisConnection<String, byte[]> connection, int perSecond) {
        this.connection = connection;
        this.perSecond = perSecond;
    }

    Leave leave() {
        byte[] id = bytes(UUID.randomUUID().toString());
        // Before Redis is asked: the answer may have lain here for a while before anybody read it.
        long asked = System.nanoTime();
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
                                bytes(UNTOLD_MICROS),
                                bytes(FORGOTTEN_MILLIS));
        return micros > 0
                ? new Leave.Now(() -> left(id, micros + (System.nanoTime() - asked) / 1000))
                : new Leave.Soon(Duration.ofNanos(Math.max(1, -micros) * 1000));
    }

    private void left(byte[] id, long micros) {
        connection
                .async()
                .eval(LEFT, ScriptOutputType.STATUS, new String[] {KEY}, id, bytes(micros));
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
