package io.mailgenius.jobs.workspaces;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys that were used last, each for a short time from when it was looked up. */
final class ApiKeyCache {

    private record Remembered(ApiKeyPrincipal bearer, Instant until) {}

    private final InstantSource clock;
    private final Duration time;
    private final Map<String, Remembered> keys;
    private long clearings;

    ApiKeyCache(InstantSource clock, Duration time, int size) {
        this.clock = clock;
        this.time = time;
        this.keys =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
                        return size() > size;
                    }
                };
    }

    synchronized Optional<ApiKeyPrincipal> get(String key) {
        Remembered found = keys.get(key);
        if (found == null) {
            return Optional.empty();
        }
        if (clock.instant().isBefore(found.until())) {
            return Optional.of(found.bearer());
        }
        keys.remove(key);
        return Optional.empty();
    }

    synchronized long clearings() {
        return clearings;
    }

    /**
     * Not if the memory was cleared since: what was found may be from before the change.
     *
     * @param before {@link #clearings} before the database was asked
     */
    synchronized void put(String key, ApiKeyPrincipal apiKeyPrincipal, long before) {
        if (clearings == before) {
            keys.put(key, new Remembered(apiKeyPrincipal, clock.instant().plus(time)));
        }
    }

    synchronized void clear() {
        clearings++;
        keys.clear();
    }
}
