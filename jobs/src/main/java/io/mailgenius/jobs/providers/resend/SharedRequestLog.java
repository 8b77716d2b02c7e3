package io.mailgenius.jobs.providers.resend;

import io.lettuce.core.RedisClient;
import io.mailgenius.engine.failures.RedisWithLocalFallback;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The requests of all nodes, or while Redis is unavailable those of this node within its share of
 * the rate.
 *
 * <p>Redis may be emptied at any moment. Slots that were reserved for the next two seconds are lost
 * with it, and until they have passed requests may leave at up to twice the rate. The provider then
 * answers 429 to the excess, and those batches are repeated.
 */
final class SharedRequestLog implements RequestLog {

    private final LocalRequestLog local;
    private final RedisWithLocalFallback<RequestLog> redis;

    /**
     * @param nodes how many nodes send at the moment; asked only while Redis is unavailable
     */
    SharedRequestLog(RedisClient client, int perSecond, IntSupplier nodes, LongSupplier nanos) {
        this(client, RedisRequestLog.KEYS, perSecond, nodes, nanos);
    }

    /**
     * @param keys in Redis, of the account
     * @param nodes how many nodes send at the moment; asked only while Redis is unavailable
     */
    SharedRequestLog(
            RedisClient client,
            String[] keys,
            int perSecond,
            IntSupplier nodes,
            LongSupplier nanos) {
        RateLimit limit = RateLimit.ofAccount(perSecond);
        this.local =
                new LocalRequestLog(() -> RateLimit.ofNode(perSecond, nodes.getAsInt()), nanos);
        this.redis =
                new RedisWithLocalFallback<>(
                        client,
                        nanos,
                        connection -> new RedisRequestLog(connection, keys, limit, nanos),
                        "this node keeps to its share of the rate",
                        // Slots from Redis are still waited for, here and on other nodes.
                        () -> local.hold(SendRateLimiter.PATIENCE));
    }

    @Override
    public Slot reserve(Duration patience) {
        return redis.ask(it -> it.reserve(patience), () -> local.reserve(patience));
    }

    /** A slot of this node alone is of no use to others. */
    @Override
    public void release() {
        redis.ask(it -> done(it, RequestLog::release), () -> true);
    }

    @Override
    public Departure depart() {
        return redis.ask(RequestLog::depart, local::depart);
    }

    @Override
    public Departure departUrgently() {
        return redis.ask(RequestLog::departUrgently, local::departUrgently);
    }

    /** Also on this node alone, in case Redis becomes unavailable before the pause is over. */
    @Override
    public void hold(Duration pause) {
        local.hold(pause);
        redis.ask(it -> done(it, log -> log.hold(pause)), () -> true);
    }

    private static boolean done(RequestLog log, Consumer<RequestLog> work) {
        work.accept(log);
        return true;
    }

    @Override
    public void close() {
        redis.close();
    }
}
