package io.mailgenius.engine.failures;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes do together through Redis, and each by itself while Redis is away. Nobody waits
 * for Redis longer than half a second, and then nobody asks it for a second.
 *
 * @param <S> what is asked while Redis is there
 */
public final class RedisWithLocalFallback<S> implements AutoCloseable {

    public static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(RedisWithLocalFallback.class);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final RedisClient redis;
    private final LongSupplier nanos;
    private final Function<StatefulRedisConnection<String, byte[]>, S> begin;
    private final String alone;
    private final Runnable beginAlone;
    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private @Nullable S together;
    private boolean isAlone;
    private long awayUntil;

    /**
     * @param begin with a connection of its own, once there is one
     * @param alone what this node does by itself, for the log
     * @param beginAlone run when Redis goes away, before the first is asked of this node alone
     */
    public RedisWithLocalFallback(
            RedisClient redis,
            LongSupplier nanos,
            Function<StatefulRedisConnection<String, byte[]>, S> begin,
            String alone,
            Runnable beginAlone) {
        this.redis = redis;
        this.nanos = nanos;
        this.begin = begin;
        this.alone = alone;
        this.beginAlone = beginAlone;
        this.awayUntil = nanos.getAsLong();
    }

    public <T> T ask(Function<S, T> ofAll, Supplier<T> ofThisNode) {
        try {
            S present = together();
            if (present != null) {
                T answer = ofAll.apply(present);
                answered();
                return answer;
            }
        } catch (RuntimeException e) {
            // Lettuce and bucket4j each throw families of their own; all of them mean the same.
            away(e.toString());
        }
        return ofThisNode.get();
    }

    private synchronized @Nullable S together() {
        if (nanos.getAsLong() < awayUntil) {
            return null;
        }
        if (connection == null) {
            var fresh = redis.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
            fresh.setTimeout(TIMEOUT);
            together = begin.apply(fresh);
            connection = fresh;
        }
        if (!connection.isOpen()) {
            // Lettuce connects again by itself, and would queue our question until then.
            away("the connection is closed");
            return null;
        }
        return together;
    }

    /** Only an answer says so: a connection stands open for long to a server that hangs. */
    private synchronized void answered() {
        if (isAlone) {
            LOG.info("Redis is back, no longer: {}", alone);
            isAlone = false;
        }
    }

    private synchronized void away(String why) {
        if (!isAlone) {
            LOG.warn("Redis is away, {}: {}", alone, why);
            beginAlone.run();
        }
        // The next attempt has a connection of its own: this one may have died without a word.
        if (connection != null) {
            connection.closeAsync();
            connection = null;
            together = null;
        }
        isAlone = true;
        awayUntil = nanos.getAsLong() + AWAY.toNanos();
    }

    @Override
    public synchronized void close() {
        awayUntil = Long.MAX_VALUE;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
