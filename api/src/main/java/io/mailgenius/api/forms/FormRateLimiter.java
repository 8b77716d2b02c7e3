package io.mailgenius.api.forms;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.lettuce.core.RedisClient;
import io.mailgenius.api.limits.Clients;
import io.mailgenius.api.limits.SharedBuckets;
import java.time.Duration;

/**
 * Limits how often one client may submit forms, over all nodes. Mails per address are limited in
 * the database; this limiter only keeps a script from filling the database.
 */
final class FormRateLimiter implements AutoCloseable {

    static final int AT_ONCE = 20;

    private static final int A_MINUTE = 10;

    private final SharedBuckets buckets;

    /**
     * @param namespace of this installation in Redis
     */
    FormRateLimiter(RedisClient redis, String namespace, TimeMeter clock) {
        this.buckets =
                new SharedBuckets(
                        redis,
                        namespace + ":visitor:",
                        Bandwidth.builder()
                                .capacity(AT_ONCE)
                                .refillGreedy(A_MINUTE, Duration.ofMinutes(1))
                                .build(),
                        0,
                        clock,
                        "this node limits forms locally");
    }

    /** How long the client has to wait; zero if it may submit. */
    Duration pause(String ip) {
        ConsumptionProbe probe = buckets.take(Clients.network(ip));
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    @Override
    public void close() {
        buckets.close();
    }
}
