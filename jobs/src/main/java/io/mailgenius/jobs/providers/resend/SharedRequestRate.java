package io.mailgenius.jobs.providers.resend;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.engine.failures.RedisWithLocalFallback;
import java.time.Clock;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The requests per second that one account allows, shared by all nodes through Redis: a bucket of
 * turns in the order in which they are asked for, and the requests that have left, so that late
 * ones hold up the next. While Redis is away each node keeps to its share of the rate by itself.
 *
 * <p>Redis may be emptied at any moment. The turns that were given out for the next two seconds are
 * forgotten with it, and until they are over requests may leave at up to twice the rate; Resend
 * then answers 429 to what is too much, and the batches come again.
 */
public final class SharedRequestRate implements RequestRate {

    private static final String BUCKET = "mailgenius:resend:rate";
    private static final String HOLD = "mailgenius:resend:hold";

    private final LocalRequestRate share;
    private final RedisWithLocalFallback<Shared> redis;

    /**
     * @param perSecond requests per second that the account allows
     * @param nodes how many nodes send at the moment, asked only while Redis is away
     * @param clock one on which all nodes agree
     */
    public SharedRequestRate(RedisClient redis, int perSecond, IntSupplier nodes, Clock clock) {
        this(redis, perSecond, nodes, new ClockMeter(clock));
    }

    SharedRequestRate(RedisClient redis, int perSecond, IntSupplier nodes, TimeMeter clock) {
        if (perSecond < 1 || perSecond > 1000) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_RATE must be 0 (no limit) or 1 to 1000 requests per second");
        }
        this.share = new LocalRequestRate(perSecond, nodes, clock);
        this.redis =
                new RedisWithLocalFallback<>(
                        redis,
                        clock::currentTimeNanos,
                        connection -> new Shared(connection, perSecond, clock),
                        "this node keeps to its share of the rate",
                        // Turns given out by Redis are still being waited for, here and elsewhere.
                        () -> share.hold(SendRateLimiter.PATIENCE));
    }

    @Override
    public Turn next(Duration patience) {
        return redis.ask(it -> it.next(patience), () -> share.next(patience));
    }

    /** A share of this node's own is of use to nobody once it leaves. */
    @Override
    public void giveBack() {
        redis.ask(Shared::giveBack, () -> false);
    }

    @Override
    public Leave leave() {
        return redis.ask(it -> it.requestWindow.leave(), share::leave);
    }

    @Override
    public void hold(Duration pause) {
        share.hold(pause);
        redis.ask(it -> it.hold(pause), () -> false);
    }

    @Override
    public void close() {
        redis.close();
    }

    /** The bucket in Redis, and beside it who has left and a key that lives as long as a hold. */
    private static final class Shared {

        private final StatefulRedisConnection<String, byte[]> connection;
        private final Bucket bucket;
        private final RequestWindow requestWindow;

        Shared(StatefulRedisConnection<String, byte[]> connection, int perSecond, TimeMeter clock) {
            this.connection = connection;
            requestWindow = new RequestWindow(connection, perSecond);
            Bandwidth turns = SpacedSlots.apart(SpacedSlots.distance(perSecond), 1);
            bucket =
                    Bucket4jLettuce.casBasedBuilder(connection)
                            .clientClock(clock)
                            .requestTimeout(RedisWithLocalFallback.TIMEOUT)
                            .expirationAfterWrite(
                                    ExpirationAfterWriteStrategy
                                            .basedOnTimeForRefillingBucketUpToMax(
                                                    Duration.ofSeconds(10)))
                            .build()
                            .builder()
                            .build(BUCKET, () -> SpacedSlots.configuration(turns));
        }

        Turn next(Duration patience) {
            Duration held = Duration.ofMillis(connection.sync().pttl(HOLD));
            return held.isPositive() ? new Turn.Later(held) : SpacedSlots.next(bucket, patience);
        }

        boolean giveBack() {
            bucket.addTokens(1);
            return true;
        }

        /** Whether it is longer than what is held already. */
        boolean hold(Duration pause) {
            boolean longer = connection.sync().pttl(HOLD) < pause.toMillis();
            if (longer) {
                connection.sync().psetex(HOLD, Math.max(1, pause.toMillis()), new byte[0]);
            }
            return longer;
        }
    }
}
