package io.mailgenius.bench.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys by the provider's rules: kept for 24 hours; the same key with the same body gets
 * the first answer again; see {@link Standing} for the others.
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
     * @param ids none while the request is in flight
     */
    private record Entry(String body, @Nullable List<String> ids, Instant since) {}

    /** How a key stands when a request with it comes in. */
    sealed interface Standing {
        /** Not seen before: it is in flight from now on. */
        record Fresh() implements Standing {}

        /** An earlier request with it has not been answered yet. */
        record InFlight() implements Standing {}

        /** It was accepted with this body. */
        record Repeated(List<String> ids) implements Standing {}

        /** It was accepted with another body. */
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

    /** Nothing came of the request: the key is as it was before. */
    synchronized void dropped(String key) {
        entries.computeIfPresent(key, (same, entry) -> entry.ids() == null ? null : entry);
    }

    /** The how manieth request with this key it is, from 1. */
    synchronized int time(String key) {
        return times.merge(key, 1, Integer::sum);
    }
}
