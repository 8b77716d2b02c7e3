package io.mailgenius.jobs.delivery.resend;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests per second that one account allows, shared by all nodes through Redis: a bucket of
 * turns in the order in which they are asked for, and the requests that have left, so that late
 * ones hold up the next. While Redis is away each node keeps to its share of the rate by itself.
 *
 * <p>Redis may be emptied at any moment. The turns that were given out for the next two seconds are
 * forgotten with it, and until they are over requests may leave at up to twice the rate; Resend
 * then answers 429 to what is too much, and the batches come again.
 */
public final class SharedRate implements Rate {

    private static final Logger LOG = LoggerFactory.getLogger(SharedRate.class);
    private static final String BUCKET = "mailgenius:resend:rate";
    private static final String HOLD = "mailgenius:resend:hold";
    private static final Duration REDIS_TIMEOUT = Duration.ofMillis(500);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final RedisClient redis;
    private final int perSecond;
    private final TimeMeter clock;
    private final LocalShare share;
    private @Nullable Shared shared;
    private boolean alone;
    private long awayUntil;

    /**
     * @param perSecond requests per second that the account allows
     * @param nodes how many nodes send at the moment, asked only while Redis is away
     */
    public SharedRate(RedisClient redis, int perSecond, IntSupplier nodes) {
        this(redis, perSecond, nodes, TimeMeter.SYSTEM_MILLISECONDS);
    }

    SharedRate(RedisClient redis, int perSecond, IntSupplier nodes, TimeMeter clock) {
        if (perSecond < 1 || perSecond > 1000) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_RATE must be 0 (no limit) or 1 to 1000 requests per second");
        }
        this.redis = redis;
        this.perSecond = perSecond;
        this.clock = clock;
        this.share = new LocalShare(perSecond, nodes, clock);
    }

    @Override
    public Turn next(Duration patience) {
        Shared present = shared();
        if (present != null) {
            try {
                return present.next(patience);
            } catch (RuntimeException e) {
                // Lettuce and bucket4j each throw families of their own; all of them mean the same.
                away(e.toString());
            }
        }
        return share.next(patience);
    }

    @Override
    public Leave leave() {
        Shared present = shared();
        if (present != null) {
            try {
                return present.departed.leave();
            } catch (RuntimeException e) {
                away(e.toString());
            }
        }
        return share.leave();
    }

    @Override
    public void hold(Duration pause) {
        share.hold(pause);
        Shared present = shared();
        if (present != null) {
            try {
                present.hold(pause);
            } catch (RuntimeException e) {
                away(e.toString());
            }
        }
    }

    private synchronized @Nullable Shared shared() {
        if (clock.currentTimeNanos() < awayUntil) {
            return null;
        }
        try {
            if (shared == null) {
                shared = new Shared(redis, perSecond, clock);
            }
        } catch (RuntimeException e) {
            away(e.toString());
            return null;
        }
        if (!shared.connection.isOpen()) {
            // Lettuce connects again by itself, and would queue our question until then.
            away("the connection is closed");
            return null;
        }
        alone = false;
        return shared;
    }

    private synchronized void away(String why) {
        if (!alone) {
            LOG.warn("Redis is away, keeping to this node's share of the rate: {}", why);
            // Turns that were given out by Redis are still being waited for, here and elsewhere.
            share.hold(Gate.PATIENCE);
        }
        alone = true;
        awayUntil = clock.currentTimeNanos() + AWAY.toNanos();
    }

    @Override
    public synchronized void close() {
        awayUntil = Long.MAX_VALUE;
        if (shared != null) {
            shared.connection.close();
            shared = null;
        }
    }

    /** The bucket in Redis, and beside it who has left and a key that lives as long as a hold. */
    private static final class Shared {

        private final StatefulRedisConnection<String, byte[]> connection;
        private final Bucket bucket;
        private final Departed departed;

        Shared(RedisClient redis, int perSecond, TimeMeter clock) {
            connection = redis.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
            connection.setTimeout(REDIS_TIMEOUT);
            departed = new Departed(connection, perSecond);
            Bandwidth turns = Turns.apart(Turns.distance(perSecond), 1);
            bucket =
                    Bucket4jLettuce.casBasedBuilder(connection)
                            .clientClock(clock)
                            .requestTimeout(REDIS_TIMEOUT)
                            .expirationAfterWrite(
                                    ExpirationAfterWriteStrategy
                                            .basedOnTimeForRefillingBucketUpToMax(
                                                    Duration.ofSeconds(10)))
                            .build()
                            .builder()
                            .build(BUCKET, () -> Turns.configuration(turns));
        }

        Turn next(Duration patience) {
            Duration held = Duration.ofMillis(connection.sync().pttl(HOLD));
            return held.isPositive() ? new Turn.Later(held) : Turns.next(bucket, patience);
        }

        void hold(Duration pause) {
            if (connection.sync().pttl(HOLD) < pause.toMillis()) {
                connection.sync().psetex(HOLD, Math.max(1, pause.toMillis()), new byte[0]);
            }
        }
    }
}
