package io.mailgenius.bench.chaos;

import static java.util.Comparator.comparingLong;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Sends through three worker nodes that share an account's rate, and counts requests per second at
 * the provider.
 */
public final class RateRun {

    private static final long SECOND = 1_000_000_000L;
    private static final long POLL_MILLIS = 200;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The minimum share of the rate; an unused rate is lost time. */
    private static final double LEAST = 0.98;

    private RateRun() {}

    /** Enough contacts for a run of this length and some seconds more. */
    public static long mails(int perSecond, long seconds) {
        return perSecond * 100L * (seconds + 20);
    }

    /**
     * @param order its time is how long to count
     * @param perSecond requests per second that the account permits
     */
    public static ChaosOutcome run(Order order, int perSecond)
            throws IOException, InterruptedException {
        try (Installation all = new Installation(order, perSecond);
                Stalls stalls = new Stalls()) {
            all.fill(order);
            all.provider().rehearse();
            all.mailing().send();
            long over = order.over().toNanos();
            List<Long> arrivals = all.provider().arrivals();
            long late = System.nanoTime() + 2 * over + PATIENCE.toNanos();
            while (arrivals.isEmpty() || arrivals.getLast() - arrivals.getFirst() < over) {
                if (System.nanoTime() > late) {
                    throw new IOException(
                            String.format(Locale.ROOT, "Only %d requests came", arrivals.size()));
                }
                Thread.sleep(POLL_MILLIS);
                arrivals = all.provider().arrivals();
            }
            long end = arrivals.getFirst() + over;
            List<Long> counted = arrivals.stream().filter(it -> it < end).toList();
            return outcome(counted, stalls, order, perSecond);
        }
    }

    private static ChaosOutcome outcome(
            List<Long> arrivals, Stalls stalls, Order order, int perSecond) {
        double share = arrivals.size() / (double) (perSecond * order.over().toSeconds());
        int most = mostInASecond(arrivals);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("ratePerSecond", perSecond);
        figures.put("seconds", order.over().toSeconds());
        figures.put("requests", arrivals.size());
        figures.put("shareOfRate", Math.round(share * 10_000) / 10_000.0);
        figures.put("mostInAnySecond", most);
        long first = arrivals.getFirst();
        figures.put("counterStoodStillMillis", millis(stalls.longest(first, arrivals.getLast())));
        int closest = closest(arrivals, perSecond);
        long stall = 0;
        if (closest >= 0) {
            long from = arrivals.get(closest);
            long to = arrivals.get(closest + perSecond);
            stall = stalls.longest(from, to);
            figures.put("leastMillisForOneMoreThanTheRate", millis(to - from));
            figures.put("thatBeganAtMillis", millis(from - first));
            figures.put("counterStoodStillMillisThen", millis(stall));
        }
        List<String> complaints = new ArrayList<>();
        if (most > perSecond) {
            complaints.add(
                    String.format(
                            Locale.ROOT,
                            "%d requests came within one second, %d are allowed; who counts them stood still for %.0f ms then",
                            most,
                            perSecond,
                            millis(stall)));
        }
        if (share < LEAST) {
            complaints.add(
                    String.format(Locale.ROOT, "Only %.1f%% of the rate was used", 100 * share));
        }
        return new ChaosOutcome(complaints, figures);
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 10_000.0) / 100.0;
    }

    /**
     * The index of the request whose {@code perSecond}th successor follows soonest; -1 if there is
     * none.
     */
    private static int closest(List<Long> arrivals, int perSecond) {
        return IntStream.range(0, arrivals.size() - perSecond)
                .boxed()
                .min(comparingLong(it -> arrivals.get(it + perSecond) - arrivals.get(it)))
                .orElse(-1);
    }

    /** The maximum in any second, wherever it begins. */
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
