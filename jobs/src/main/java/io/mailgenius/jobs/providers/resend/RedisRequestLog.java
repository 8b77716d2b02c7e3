package io.mailgenius.jobs.providers.resend;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The requests of all nodes, in Redis and by the clock of Redis. */
final class RedisRequestLog implements RequestLog {

    /** The requests, each with the moment at which it left, or is counted as leaving. */
    static final String REQUESTS = "mailgenius:resend:departed";

    static final String NEXT_SLOT = "mailgenius:resend:next-slot";
    static final String HELD_UNTIL = "mailgenius:resend:hold";

    /** There while urgent requests are expected. */
    static final String URGENT = "mailgenius:resend:urgent";

    /** Of the installation's account. */
    static final String[] KEYS = {REQUESTS, NEXT_SLOT, HELD_UNTIL, URGENT};

    /**
     * @param account a name that all nodes and workspaces give to the same account
     */
    static String[] keysOf(String account) {
        return Stream.of(KEYS).map(key -> key + ":" + account).toArray(String[]::new);
    }

    private static final long KEPT_MILLIS = 5_000;

    /**
     * Answers microseconds; negative if the request has to ask again after so many. Keys expire, so
     * that a clock of Redis that is set back cannot block requests for long.
     */
    static final String SCRIPT =
            """
            local requests, nextSlot, heldUntil, urgent = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
            local operation = ARGV[1]
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]

            local function read(key)
                return tonumber(redis.call('GET', key) or 0)
            end

            local function write(key, micros)
                redis.call('SET', key, micros, 'PX', math.ceil((micros - now) / 1000))
            end

            if operation == 'written' then
                local id, departed = ARGV[2], tonumber(ARGV[3])
                -- The answer of Redis may have been late; nothing departs in the future.
                redis.call('ZADD', requests, 'XX', math.min(now, departed), id)
                return 0
            end

            if operation == 'release' then
                local slot = read(nextSlot) - tonumber(ARGV[2])
                if slot > now then
                    write(nextSlot, slot)
                else
                    redis.call('DEL', nextSlot)
                end
                return 0
            end

            local held = 0
            local moment = redis.call('GET', heldUntil)
            if moment then
                -- Versions before wrote no moment, but a key that lives as long as the hold.
                held = (tonumber(moment) or now + redis.call('PTTL', heldUntil) * 1000) - now
            end
            if operation == 'hold' then
                local pause = tonumber(ARGV[2])
                if pause > math.max(held, 0) then
                    write(heldUntil, now + pause)
                end
                return 0
            end
            if held > 0 then
                return -held
            end

            if operation == 'reserve' then
                local spacing, patience = tonumber(ARGV[2]), tonumber(ARGV[3])
                local slot = math.max(read(nextSlot), now)
                if slot - now > patience then
                    return now - slot
                end
                write(nextSlot, slot + spacing)
                return slot - now
            end

            -- depart
            local id, most, window = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
            local unreported, retry, kept = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
            if ARGV[8] == 'urgent' then
                redis.call('SET', urgent, 1, 'PX', ARGV[10])
            elseif redis.call('EXISTS', urgent) == 1 then
                most = tonumber(ARGV[9])
            end
            redis.call('ZREMRANGEBYSCORE', requests, '-inf', now - window)
            if redis.call('ZCARD', requests) >= most then
                local left = tonumber(redis.call('ZRANGE', requests, -most, -most, 'WITHSCORES')[2])
                if left > now then
                    left = math.max(left - unreported, now + retry - window)
                end
                return now - window - left
            end
            redis.call('ZADD', requests, now + unreported, id)
            redis.call('PEXPIRE', requests, kept)
            return now
            """;

    private final StatefulRedisConnection<String, byte[]> connection;
    private final String[] keys;
    private final RateLimit limit;
    private final LongSupplier nanos;
    private final String script;

    RedisRequestLog(
            StatefulRedisConnection<String, byte[]> connection,
            String[] keys,
            RateLimit limit,
            LongSupplier nanos) {
        this(connection, keys, limit, nanos, SCRIPT);
    }

    /**
     * @param script with another clock, for tests
     */
    RedisRequestLog(
            StatefulRedisConnection<String, byte[]> connection,
            String[] keys,
            RateLimit limit,
            LongSupplier nanos,
            String script) {
        this.connection = connection;
        this.keys = keys;
        this.limit = limit;
        this.nanos = nanos;
        this.script = script;
    }

    @Override
    public Slot reserve(Duration patience) {
        long in = call("reserve", limit.spacingMicros(), RateLimit.micros(patience));
        return in < 0
                ? new Slot.Later(RateLimit.duration(-in))
                : new Slot.Reserved(RateLimit.duration(in));
    }

    @Override
    public void release() {
        call("release", limit.spacingMicros());
    }

    @Override
    public Departure depart() {
        return depart("usual");
    }

    @Override
    public Departure departUrgently() {
        return depart("urgent");
    }

    private Departure depart(String lane) {
        String id = UUID.randomUUID().toString();
        // Before Redis is asked: its answer may wait here for a while before it is read.
        long asked = nanos.getAsLong();
        long micros =
                call(
                        "depart",
                        id,
                        limit.most(),
                        limit.windowMicros(),
                        UNREPORTED_MICROS,
                        RETRY_MICROS,
                        KEPT_MILLIS,
                        lane,
                        limit.mostBesideUrgent(),
                        URGENT_MILLIS);
        return micros < 0
                ? new Departure.Later(RateLimit.duration(-micros))
                : new Departure.Now(() -> written(id, micros + (nanos.getAsLong() - asked) / 1000));
    }

    private void written(String id, long micros) {
        // A report that is lost delays the next request by two seconds.
        var unused =
                connection
                        .async()
                        .eval(
                                script,
                                ScriptOutputType.INTEGER,
                                keys,
                                arguments("written", id, micros));
    }

    @Override
    public void hold(Duration pause) {
        call("hold", RateLimit.micros(pause));
    }

    private long call(Object... arguments) {
        Long micros =
                connection
                        .sync()
                        .eval(script, ScriptOutputType.INTEGER, keys, arguments(arguments));
        return micros;
    }

    private static byte[][] arguments(Object... values) {
        return Stream.of(values)
                .map(value -> value.toString().getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }
}
