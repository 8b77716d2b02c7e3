package io.mailgenius.engine.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes from the lanes in turn: each gets a visit a round, one of high priority more, and at each
 * visit its share of what is wanted, so that a worker of a few slots takes one at a time.
 */
public final class Turns {

    /** How long an idle worker waits before it looks whether there are new lanes. */
    private static final Duration IDLE = Duration.ofMillis(100);

    private final Lanes lanes;
    private final String node;
    private Map<Long, Integer> weights = Map.of();
    private List<Long> round = List.of();
    private int next;
    private long looked = System.nanoTime() - IDLE.toNanos();

    public Turns(Lanes lanes, String node) {
        this.lanes = lanes;
        this.node = node;
    }

    /**
     * Up to {@code wanted} entries; waits a moment when there are none. A wait over several lanes
     * may bring one of each, so a few more than wanted can come.
     */
    public List<Entry> take(int wanted) {
        if (System.nanoTime() - looked >= IDLE.toNanos()) {
            look();
        }
        List<Entry> taken = new ArrayList<>(wanted);
        for (int visits = 0; visits < round.size() && taken.size() < wanted; visits++) {
            Long lane = round.get(next++ % round.size());
            int share = Math.max(1, wanted / round.size());
            taken.addAll(lanes.read(node, List.of(lane), share, Duration.ZERO));
        }
        return taken.isEmpty() ? waitForAny() : taken;
    }

    private List<Entry> waitForAny() {
        if (weights.isEmpty()) {
            lanes.idle(IDLE);
            return List.of();
        }
        return lanes.read(node, weights.keySet(), 1, IDLE);
    }

    private void look() {
        looked = System.nanoTime();
        weights = lanes.weights();
        List<Long> visits = new ArrayList<>();
        int most = weights.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        for (int pass = 0; pass < most; pass++) {
            for (var lane : weights.entrySet()) {
                if (pass < lane.getValue()) {
                    visits.add(lane.getKey());
                }
            }
        }
        round = visits;
    }
}
