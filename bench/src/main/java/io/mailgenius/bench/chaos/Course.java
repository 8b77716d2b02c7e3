package io.mailgenius.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which faults a run injects. */
public sealed interface Course {

    /** One of each important kind. */
    record Few() implements Course {}

    /** As many as fit. */
    record Many() implements Course {}

    /** Rounds with each of these kinds once. */
    record Rounds(List<FaultKind> kinds) implements Course {

        public Rounds {
            kinds = List.copyOf(kinds);
        }
    }

    /** A single fault: Redis is unavailable for this long. */
    record RedisAway(Duration lasting) implements Course {}

    /** No faults. */
    record Quiet() implements Course {}

    /**
     * @param silent faults of the connections between nodes and servers, and invisible ones of
     *     servers: no process ends, and no connection is closed
     * @param outages faults of servers, the provider and clocks
     */
    static Course rounds(boolean silent, boolean outages) {
        Set<FaultKind> kinds = new LinkedHashSet<>();
        if (silent) {
            kinds.addAll(ChaosPlan.SILENT);
        }
        if (outages) {
            kinds.addAll(ChaosPlan.OUTAGES);
        }
        return new Rounds(new ArrayList<>(kinds));
    }

    /** Whether a standby and a disk that can be filled are needed. */
    default boolean needsSpares() {
        return this instanceof Rounds(List<FaultKind> kinds)
                && (kinds.contains(FaultKind.PROMOTE_STANDBY)
                        || kinds.contains(FaultKind.FILL_DISK));
    }
}
