package io.mailgenius.api.forms;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one client may send a form to this node. What one address may be mailed is counted in
 * the database, for all nodes together; this only keeps a script from writing it full.
 */
final class Visitors {

    static final int AT_ONCE = 20;

    private static final int A_MINUTE = 10;
    private static final int REMEMBERED = 50_000;
    private static final int NETWORK = 8;

    private final TimeMeter clock;
    private final Map<String, Bucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > REMEMBERED;
                }
            };

    Visitors(TimeMeter clock) {
        this.clock = clock;
    }

    /** How long this client is to wait; zero if it may come in. */
    Duration pause(String ip) {
        ConsumptionProbe probe = bucket(network(ip)).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    private synchronized Bucket bucket(String client) {
        return buckets.computeIfAbsent(
                client,
                _ ->
                        Bucket.builder()
                                .addLimit(
                                        Bandwidth.builder()
                                                .capacity(AT_ONCE)
                                                .refillGreedy(A_MINUTE, Duration.ofMinutes(1))
                                                .build())
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
}
