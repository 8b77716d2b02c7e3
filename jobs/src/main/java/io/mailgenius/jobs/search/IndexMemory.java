package io.mailgenius.jobs.search;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The part of the heap that the indexes of all workspaces share. */
final class IndexMemory {

    private final long budget;
    private final Supplier<Stream<SegmentIndex>> indexes;

    private record EvictionCandidate(SegmentIndex index, Facet facet, long asked) {}

    /**
     * @param budget in bytes
     */
    IndexMemory(long budget, Supplier<Stream<SegmentIndex>> indexes) {
        this.budget = budget;
        this.indexes = indexes;
    }

    boolean isAny() {
        return budget > 0;
    }

    /**
     * Evicts the least recently used facets, except those that the current rule needs.
     *
     * @param more bytes that are about to be added
     */
    boolean fits(SegmentIndex asking, long more, Set<Facet> needed) {
        while (used() + more > budget) {
            Optional<EvictionCandidate> victim =
                    indexes.get()
                            .flatMap(IndexMemory::candidates)
                            .filter(it -> it.index() != asking || !needed.contains(it.facet()))
                            .min(Comparator.comparingLong(EvictionCandidate::asked));
            if (victim.isEmpty()) {
                return false;
            }
            victim.get().index().drop(victim.get().facet());
        }
        return true;
    }

    private static Stream<EvictionCandidate> candidates(SegmentIndex index) {
        return index.leastRecentlyUsed().entrySet().stream()
                .map(facet -> new EvictionCandidate(index, facet.getKey(), facet.getValue()));
    }

    private long used() {
        return indexes.get().mapToLong(SegmentIndex::bytes).sum();
    }
}
