package io.mailgenius.api.limits;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.engine.failures.RedisWithLocalFallback;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Token buckets of one kind, one per client, which all nodes share in Redis. A bucket is removed
 * from Redis when it is full again. While Redis is away, each node counts by itself.
 */
public final class SharedBuckets implements AutoCloseable {

    /** Clients whose buckets a node holds at a time; those that were used last stay. */
    private static final int HELD = 50_000;

    private final RedisWithLocalFallback<Held> redis;
    private final String prefix;
    private final Function<String, Bandwidth> limits;
    private final Held own;

    /**
     * @param prefix of the keys in Redis: namespace and kind
     * @param unsynchronized tokens that a node may take before it tells Redis: 0 to ask Redis for
     *     each
     * @param alone what this node does while Redis is away, for the log
     */
    public SharedBuckets(
            RedisClient redis,
            String prefix,
            Bandwidth limit,
            int unsynchronized,
            TimeMeter clock,
            String alone) {
        this(redis, prefix, _ -> limit, unsynchronized, clock, alone);
    }

    /**
     * @param limits of each client
     * @see #SharedBuckets(RedisClient, String, Bandwidth, int, TimeMeter, String)
     */
    SharedBuckets(
            RedisClient redis,
            String prefix,
            Function<String, Bandwidth> limits,
            int unsynchronized,
            TimeMeter clock,
            String alone) {
        this.prefix = prefix;
        this.limits = limits;
        this.redis =
                new RedisWithLocalFallback<>(
                        redis,
                        clock::currentTimeNanos,
                        connection -> shared(connection, unsynchronized, clock),
                        alone,
                        () -> {});
        this.own =
                new Held(
                        client ->
                                Bucket.builder()
                                        .addLimit(limits.apply(client))
                                        .withCustomTimePrecision(clock)
                                        .build());
    }

    /** Takes one token of the client's bucket, if there is one. */
    public ConsumptionProbe take(String client) {
        return redis.ask(
                shared -> shared.of(client).tryConsumeAndReturnRemaining(1),
                () -> own.of(client).tryConsumeAndReturnRemaining(1));
    }

    /** How long the client has to wait for its next token; zero if there is one. Takes none. */
    public Duration pause(String client) {
        return Duration.ofNanos(
                redis.ask(
                        shared ->
                                shared.of(client)
                                        .estimateAbilityToConsume(1)
                                        .getNanosToWaitForRefill(),
                        () ->
                                own.of(client)
                                        .estimateAbilityToConsume(1)
                                        .getNanosToWaitForRefill()));
    }

    private Held shared(
            StatefulRedisConnection<String, byte[]> connection,
            int unsynchronized,
            TimeMeter clock) {
        ProxyManager<String> buckets =
                Bucket4jLettuce.casBasedBuilder(connection)
                        .clientClock(clock)
                        .requestTimeout(RedisWithLocalFallback.TIMEOUT)
                        .expirationAfterWrite(
                                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(
                                        Duration.ofSeconds(10)))
                        .build();
        Optimization optimization =
                unsynchronized == 0
                        ? Optimization.NONE_OPTIMIZED
                        : Optimizations.delaying(
                                new DelayParameters(unsynchronized, Duration.ofMillis(250)));
        return new Held(
                client ->
                        buckets.builder()
                                .withOptimization(optimization)
                                .build(prefix + client, configuration(client)));
    }

    private Supplier<BucketConfiguration> configuration(String client) {
        return () -> BucketConfiguration.builder().addLimit(limits.apply(client)).build();
    }

    @Override
    public void close() {
        redis.close();
    }

    /** The buckets that were used last. */
    private static final class Held {

        private final Function<String, Bucket> create;
        private final Map<String, Bucket> buckets =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                        return size() > HELD;
                    }
                };

        Held(Function<String, Bucket> create) {
            this.create = create;
        }

        synchronized Bucket of(String client) {
            return buckets.computeIfAbsent(client, create);
        }
    }
}
