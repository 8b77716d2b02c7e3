package io.mailgenius.api.analytics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Bucket;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.ZoneId;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Caches serialized reports. A campaign is usually viewed by many clients repeatedly, and its
 * figures change every few seconds at most.
 */
@Component
final class WrittenReports {

    /** An entry has up to some hundred kilobytes. */
    private static final int KEPT = 200;

    private record Key(Analytics.Edition edition, Bucket bucket, ZoneId zone) {}

    private final JsonMapper json;
    private final Cache<Key, byte[]> kept;

    WrittenReports(JsonMapper json, MeterRegistry meters) {
        this.json = json;
        kept =
                CaffeineCacheMetrics.monitor(
                        meters,
                        Caffeine.newBuilder()
                                .maximumSize(KEPT)
                                .executor(Runnable::run)
                                .recordStats()
                                .build(),
                        "reports");
    }

    /**
     * Concurrent requests for the same report wait for one computation.
     *
     * @param edition read before the report, so that a cached report may be newer than its edition
     *     but never older
     */
    byte[] of(
            Analytics.Edition edition,
            Bucket bucket,
            ZoneId zone,
            Function<Analytics.Edition, ?> report) {
        return kept.get(
                new Key(edition, bucket, zone),
                key -> json.writeValueAsBytes(report.apply(edition)));
    }
}
