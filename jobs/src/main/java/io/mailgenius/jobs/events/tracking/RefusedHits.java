package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.events.Receipt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the hits that the database will never take, among those that it does not take now. While it
 * takes none, nothing is wrong with any of them.
 */
final class RefusedHits {

    /** About as many seconds: no lock and no failover that spares others lasts so long. */
    static final int PATIENCE = 30;

    private final Map<String, Integer> failures = new HashMap<>();

    /**
     * @param receipts of the hits, in their order
     * @return ids of those that are not to be tried again
     */
    Set<String> of(List<Hit> hits, List<Receipt> receipts) {
        boolean takesOthers = receipts.stream().anyMatch(Receipt::settled);
        Set<String> refused = new HashSet<>();
        for (int n = 0; n < hits.size(); n++) {
            String id = hits.get(n).id();
            switch (receipts.get(n)) {
                case Receipt.Unreadable _ -> refused.add(id);
                case Receipt.Failed _ -> {
                    if (takesOthers && failures.merge(id, 1, Integer::sum) >= PATIENCE) {
                        refused.add(id);
                    }
                }
                case Receipt.Stored _,
                        Receipt.Duplicate _,
                        Receipt.Unaddressed _,
                        Receipt.BadSignature _,
                        Receipt.TooOld _,
                        Receipt.Overloaded _ -> {}
            }
        }
        return refused;
    }

    /** All that were asked about are where they belong. */
    void forget() {
        failures.clear();
    }
}
