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
 * The last reports, as they were written. A campaign that is looked at is looked at by many, again
 * and again, and changes every few seconds at most.
 */
@Component
final class WrittenReports {

    /** One has up to some hundred kilobytes. */
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
     * Several who ask for the same report at the same time wait for one that is written once.
     *
     * @param edition asked before the report is: what is kept may be younger and is never older
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
