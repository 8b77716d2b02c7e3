package io.mailgenius.api.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends through three worker nodes that share an account's rate, and counts at the provider what
 * came in which second.
 */
public final class RateRun {

    private static final long SECOND = 1_000_000_000L;
    private static final long POLL_MILLIS = 200;

    /** Until then a node's first requests load its code, and come later than they left. */
    private static final long WARM = 5 * SECOND;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Of the rate; an account that is not used to the full is time lost. */
    private static final double LEAST = 0.98;

    private RateRun() {}

    /** Contacts enough for a run of that length, and some seconds more. */
    public static long mails(int perSecond, long seconds) {
        return perSecond * 100L * (seconds + 20);
    }

    /**
     * @param order says how long to count
     * @param perSecond requests per second that the account allows
     */
    public static Outcome run(Order order, int perSecond) throws IOException, InterruptedException {
        try (Installation all = new Installation(order, perSecond)) {
            all.fill(order);
            all.mailing().send();
            long over = order.over().toNanos();
            List<Long> arrivals = all.provider().arrivals();
            long late = System.nanoTime() + 2 * over + PATIENCE.toNanos();
            while (arrivals.isEmpty() || arrivals.getLast() - arrivals.getFirst() < over) {
                if (System.nanoTime() > late) {
                    throw new IOException("Only %d requests came".formatted(arrivals.size()));
                }
                Thread.sleep(POLL_MILLIS);
                arrivals = all.provider().arrivals();
            }
            long end = arrivals.getFirst() + over;
            return outcome(arrivals.stream().filter(it -> it < end).toList(), order, perSecond);
        }
    }

    private static Outcome outcome(List<Long> arrivals, Order order, int perSecond) {
        double share = arrivals.size() / (double) (perSecond * order.over().toSeconds());
        int most = mostInASecond(arrivals);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("ratePerSecond", perSecond);
        figures.put("seconds", order.over().toSeconds());
        figures.put("requests", arrivals.size());
        figures.put("shareOfRate", Math.round(share * 10_000) / 10_000.0);
        figures.put("mostInAnySecond", most);
        long warm = arrivals.getFirst() + WARM;
        int warmMost = mostInASecond(arrivals.stream().filter(it -> it >= warm).toList());
        figures.put("mostInAnySecondOnceWarm", warmMost);
        List<String> complaints = new ArrayList<>();
        if (most > perSecond) {
            complaints.add(
                    "%d requests came within one second, %d are allowed"
                            .formatted(most, perSecond));
        }
        if (share < LEAST) {
            complaints.add("Only %.1f%% of the rate was used".formatted(100 * share));
        }
        return new Outcome(complaints, figures);
    }

    /** In any second, wherever it is said to begin. */
    static int mostInASecond(List<Long> arrivals) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < arrivals.size(); last++) {
            while (arrivals.get(last) - arrivals.get(first) >= SECOND) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
