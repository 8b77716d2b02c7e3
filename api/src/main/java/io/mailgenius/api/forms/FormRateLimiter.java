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
import io.mailgenius.engine.failures.RedisWithLocalFallback;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one client may send a form, to all nodes together: they share a bucket per client in
 * Redis, which is forgotten when it is full again. While Redis is away each node counts by itself.
 * What one address may be mailed is counted in the database; this only keeps a script from writing
 * that full.
 */
final class FormRateLimiter implements AutoCloseable {

    static final int AT_ONCE = 20;

    private static final int A_MINUTE = 10;
    private static final int REMEMBERED = 50_000;
    private static final int NETWORK = 8;

    private static final BucketConfiguration LIMIT =
            BucketConfiguration.builder()
                    .addLimit(
                            Bandwidth.builder()
                                    .capacity(AT_ONCE)
                                    .refillGreedy(A_MINUTE, Duration.ofMinutes(1))
                                    .build())
                    .build();

    private final RedisWithLocalFallback<ProxyManager<String>> redis;
    private final String prefix;
    private final TimeMeter clock;
    private final Map<String, Bucket> own =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /**
     * @param namespace of this installation in Redis
     */
    FormRateLimiter(RedisClient redis, String namespace, TimeMeter clock) {
        this.redis =
                new RedisWithLocalFallback<>(
                        redis,
                        clock::currentTimeNanos,
                        connection -> together(connection, clock),
                        "this node counts its forms by itself",
                        () -> {});
        this.prefix = namespace + ":visitor:";
        this.clock = clock;
    }

    /** How long this client is to wait; zero if it may come in. */
    Duration pause(String ip) {
        String client = network(ip);
        ConsumptionProbe probe =
                redis.ask(
                        it -> take(it.builder().build(prefix + client, () -> LIMIT)),
                        () -> take(own(client)));
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    private static ConsumptionProbe take(Bucket bucket) {
        return bucket.tryConsumeAndReturnRemaining(1);
    }

    private static ProxyManager<String> together(
            StatefulRedisConnection<String, byte[]> connection, TimeMeter clock) {
        return Bucket4jLettuce.casBasedBuilder(connection)
                .clientClock(clock)
                .requestTimeout(RedisWithLocalFallback.TIMEOUT)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(
                                Duration.ofSeconds(10)))
                .build();
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
    public void close() {
        redis.close();
    }
}
