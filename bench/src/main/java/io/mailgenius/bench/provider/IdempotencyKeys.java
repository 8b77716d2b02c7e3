package io.mailgenius.bench.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys with the provider's rules: kept for 24 hours; the same key with the same body
 * gets the first response again; for the others see {@link Standing}.
 */
final class IdempotencyKeys {

    private static final Duration LIFE = Duration.ofHours(24);

    private final Clock clock;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Integer> times = new HashMap<>();

    IdempotencyKeys(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param ids null while the request is in progress
     */
    private record Entry(String body, @Nullable List<String> ids, Instant since) {}

    /** The state of a key when a request with it arrives. */
    sealed interface Standing {
        /** New, and from now on in progress. */
        record Fresh() implements Standing {}

        /** An earlier request with the key is in progress. */
        record InFlight() implements Standing {}

        /** Accepted with this body. */
        record Repeated(List<String> ids) implements Standing {}

        /** Accepted with another body. */
        record OfAnotherBody() implements Standing {}
    }

    synchronized Standing come(String key, String body) {
        Entry entry = entries.get(key);
        if (entry == null || entry.since().plus(LIFE).isBefore(clock.instant())) {
            entries.put(key, new Entry(body, null, clock.instant()));
            return new Standing.Fresh();
        }
        List<String> ids = entry.ids();
        if (ids == null) {
            return new Standing.InFlight();
        }
        return entry.body().equals(body)
                ? new Standing.Repeated(ids)
                : new Standing.OfAnotherBody();
    }

    synchronized void accepted(String key, String body, List<String> ids) {
        entries.put(key, new Entry(body, ids, clock.instant()));
    }

    /** Reverts to the previous state, because the request had no effect. */
    synchronized void dropped(String key) {
        entries.computeIfPresent(key, (same, entry) -> entry.ids() == null ? null : entry);
    }

    /** The ordinal of this request among those with the key, from 1. */
    synchronized int time(String key) {
        return times.merge(key, 1, Integer::sum);
    }
}
