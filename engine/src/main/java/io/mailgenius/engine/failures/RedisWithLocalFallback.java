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
 * Runs operations against shared state in Redis, and against local state while Redis is
 * unavailable. A Redis command is waited for half a second at most; after a failure Redis is not
 * tried for one second.
 *
 * @param <S> the shared state in Redis
 */
public final class RedisWithLocalFallback<S> implements AutoCloseable {

    public static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(RedisWithLocalFallback.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

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
     * @param begin creates the shared state for a new connection
     * @param alone describes what this node does without Redis, for the log
     * @param beginAlone runs when Redis becomes unavailable, before the first local operation
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
                T result = ofAll.apply(present);
                succeeded();
                return result;
            }
        } catch (RuntimeException e) {
            // Lettuce throws several unrelated types; all of them mean that Redis is unavailable.
            failed(e.toString());
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
            // Lettuce reconnects by itself and would queue the command until then.
            failed("the connection is closed");
            return null;
        }
        return together;
    }

    /**
     * Only a response shows that Redis is back, because a connection to a server that hangs can
     * stay open for long.
     */
    private synchronized void succeeded() {
        if (isAlone) {
            LOG.info("Redis is available again; this ends: {}", alone);
            isAlone = false;
        }
    }

    private synchronized void failed(String why) {
        if (!isAlone) {
            LOG.warn("Redis is unavailable, {}: {}", alone, why);
            beginAlone.run();
        }
        // The next attempt uses a new connection, because this one may have failed without an
        // error.
        if (connection != null) {
            connection.closeAsync();
            connection = null;
            together = null;
        }
        isAlone = true;
        awayUntil = nanos.getAsLong() + RETRY_AFTER.toNanos();
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
