package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Bucket;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final Map<Key, byte[]> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, byte[]> eldest) {
                    return size() > KEPT;
                }
            };

    WrittenReports(JsonMapper json) {
        this.json = json;
    }

    /**
     * @param edition read before the report, so that a cached report may be newer than its edition
     *     but never older
     */
    byte[] of(
            Analytics.Edition edition,
            Bucket bucket,
            ZoneId zone,
            Function<Analytics.Edition, ?> report) {
        Key key = new Key(edition, bucket, zone);
        byte[] written;
        synchronized (kept) {
            written = kept.get(key);
        }
        if (written == null) {
            written = json.writeValueAsBytes(report.apply(edition));
            synchronized (kept) {
                kept.put(key, written);
            }
        }
        return written;
    }
}
