package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.Workspaces;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The people who asked last, each with their workspaces. */
final class MemberCache {

    private static final int SIZE = 10_000;

    private record Remembered(List<MemberPrincipal> workspaces, Instant until) {}

    private final InstantSource clock;
    private final Map<Long, Remembered> people =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Remembered> eldest) {
                    return size() > SIZE;
                }
            };

    private long clearings;

    MemberCache(InstantSource clock) {
        this.clock = clock;
    }

    Optional<MemberPrincipal> get(
            long personId, long workspaceId, Supplier<List<MemberPrincipal>> ask) {
        List<MemberPrincipal> known = known(personId);
        if (known == null) {
            long before = clearings();
            known = ask.get();
            put(personId, known, before);
        }
        return known.stream().filter(it -> it.workspaceId() == workspaceId).findFirst();
    }

    private synchronized @Nullable List<MemberPrincipal> known(long personId) {
        Remembered found = people.get(personId);
        return found != null && clock.instant().isBefore(found.until()) ? found.workspaces() : null;
    }

    private synchronized long clearings() {
        return clearings;
    }

    /** Not if the memory was cleared meanwhile: what was found may be from before the change. */
    private synchronized void put(long personId, List<MemberPrincipal> found, long before) {
        if (clearings == before) {
            people.put(
                    personId, new Remembered(found, clock.instant().plus(Workspaces.KEY_MEMORY)));
        }
    }

    synchronized void clear() {
        clearings++;
        people.clear();
    }
}
