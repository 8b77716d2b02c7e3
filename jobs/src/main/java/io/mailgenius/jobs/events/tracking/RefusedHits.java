package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.events.Receipt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds hits that the database permanently rejects, by counting failures while other hits succeed.
 * While all hits fail, none is at fault.
 */
final class RefusedHits {

    /**
     * About as many seconds, which is longer than any lock or failover that lets other hits
     * succeed.
     */
    static final int PATIENCE = 30;

    private final Map<String, Integer> failures = new HashMap<>();

    /**
     * @param receipts of the hits, in their order
     * @return ids of the hits that must not be retried
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

    /** Resets the counts when all hits have been processed. */
    void forget() {
        failures.clear();
    }
}
