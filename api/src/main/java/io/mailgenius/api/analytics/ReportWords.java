package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Bucket;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.ZoneId;
import java.util.Arrays;

/** Parses the query parameters for buckets and time zones. */
final class ReportWords {

    private ReportWords() {}

    static Bucket bucket(String word) {
        return Arrays.stream(Bucket.values())
                .filter(it -> it.name().equalsIgnoreCase(word))
                .findAny()
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "bucket-unknown",
                                        "bucket must be hour, day, week or month."));
    }

    /**
     * Accepts names only: an offset has no daylight saving time, and its plus sign is a blank in a
     * URL.
     */
    static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new Refusal.Invalid(
                    "time-zone-unknown", "zone must be a name such as Europe/Berlin, or UTC.");
        }
        return ZoneId.of(name);
    }
}
