package io.mailgenius.api.forms;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often one client may send a form, to all nodes together: they share a bucket per client in
 * Redis, which is forgotten when it is full again. While Redis is away each node counts by itself.
 * What one address may be mailed is counted in the database; this only keeps a script from writing
 * that full.
 */
final class Visitors implements AutoCloseable {

    static final int AT_ONCE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Visitors.class);
    private static final int A_MINUTE = 10;
    private static final int REMEMBERED = 50_000;
    private static final int NETWORK = 8;
    private static final Duration REDIS_TIMEOUT = Duration.ofMillis(500);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private static final BucketConfiguration LIMIT =
            BucketConfiguration.builder()
                    .addLimit(
                            Bandwidth.builder()
                                    .capacity(AT_ONCE)
                                    .refillGreedy(A_MINUTE, Duration.ofMinutes(1))
                                    .build())
                    .build();

    private final RedisClient redis;
    private final String prefix;
    private final TimeMeter clock;
    private final Map<String, Bucket> own =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > REMEMBERED;
                }
            };
    private @Nullable Shared shared;
    private boolean alone;
    private long awayUntil;

    /**
     * @param namespace of this installation in Redis
     */
    Visitors(RedisClient redis, String namespace, TimeMeter clock) {
        this.redis = redis;
        this.prefix = namespace + ":visitor:";
        this.clock = clock;
        this.awayUntil = clock.currentTimeNanos();
    }

    /** How long this client is to wait; zero if it may come in. */
    Duration pause(String ip) {
        String client = network(ip);
        ConsumptionProbe probe =
                together(client).orElseGet(() -> own(client).tryConsumeAndReturnRemaining(1));
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    private Optional<ConsumptionProbe> together(String client) {
        try {
            return shared().map(it -> it.bucket(prefix + client).tryConsumeAndReturnRemaining(1));
        } catch (RuntimeException e) {
            // Lettuce and bucket4j each throw families of their own; all of them mean the same.
            away(e.toString());
            return Optional.empty();
        }
    }

    private synchronized Optional<Shared> shared() {
        if (clock.currentTimeNanos() < awayUntil) {
            return Optional.empty();
        }
        if (shared == null) {
            shared = new Shared(redis, clock);
        }
        if (!shared.connection.isOpen()) {
            // Lettuce connects again by itself, and would queue our question until then.
            away("the connection is closed");
            return Optional.empty();
        }
        if (alone) {
            LOG.info("Redis is back: forms are counted over all nodes again");
            alone = false;
        }
        return Optional.of(shared);
    }

    private synchronized void away(String why) {
        if (!alone) {
            LOG.warn("Redis is away, this node counts its forms by itself: {}", why);
        }
        alone = true;
        awayUntil = clock.currentTimeNanos() + AWAY.toNanos();
    }

    private synchronized Bucket own(String client) {
        return own.computeIfAbsent(
                client,
                _ ->
                        Bucket.builder()
                                .addLimit(LIMIT.getBandwidths()[0])
                                .withCustomTimePrecision(clock)
                                .build());
    }

    /** Of IPv6 whoever has one address has 2^64 of them. */
    static String network(String ip) {
        if (ip.indexOf(':') < 0) {
            return ip;
        }
        try {
            byte[] address = InetAddress.ofLiteral(ip).getAddress();
            return address.length > NETWORK
                    ? Arrays.toString(Arrays.copyOf(address, NETWORK))
                    : Arrays.toString(address);
        } catch (IllegalArgumentException noAddress) {
            return ip;
        }
    }

    @Override
    public synchronized void close() {
        awayUntil = Long.MAX_VALUE;
        if (shared != null) {
            shared.connection.close();
            shared = null;
        }
    }

    private static final class Shared {

        private final StatefulRedisConnection<String, byte[]> connection;
        private final ProxyManager<String> buckets;

        Shared(RedisClient redis, TimeMeter clock) {
            connection = redis.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
            connection.setTimeout(REDIS_TIMEOUT);
            buckets =
                    Bucket4jLettuce.casBasedBuilder(connection)
                            .clientClock(clock)
                            .requestTimeout(REDIS_TIMEOUT)
                            .expirationAfterWrite(
                                    ExpirationAfterWriteStrategy
                                            .basedOnTimeForRefillingBucketUpToMax(
                                                    Duration.ofSeconds(10)))
                            .build();
        }

        Bucket bucket(String key) {
            return buckets.builder().build(key, () -> LIMIT);
        }
    }
}
