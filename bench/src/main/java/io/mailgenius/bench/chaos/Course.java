package io.mailgenius.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which faults a run has. */
public sealed interface Course {

    /** One of each kind that matters most. */
    record Few() implements Course {}

    /** As many as fit. */
    record Many() implements Course {}

    /** Rounds of each of these once. */
    record Rounds(List<FaultKind> kinds) implements Course {

        public Rounds {
            kinds = List.copyOf(kinds);
        }
    }

    /** One only: Redis is not there for so long. */
    record RedisAway(Duration lasting) implements Course {}

    /** None. */
    record Quiet() implements Course {}

    /**
     * @param silent what is done to the ways between a node and its servers, and to the servers
     *     unseen: no process ends, and no connection
     * @param outages what becomes of servers, the provider and clocks
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

    /** Whether there must be a standby, and a disk that can be full. */
    default boolean needsSpares() {
        return this instanceof Rounds(List<FaultKind> kinds)
                && (kinds.contains(FaultKind.PROMOTE_STANDBY)
                        || kinds.contains(FaultKind.FILL_DISK));
    }
}
