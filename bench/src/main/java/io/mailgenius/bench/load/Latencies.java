package io.mailgenius.bench.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Latencies in nanoseconds.
 *
 * @param sorted in ascending order
 * @param seconds from the first request to the last response
 */
public record Latencies(long[] sorted, double seconds) {

    public static Latencies of(long[] nanos, double seconds) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(sorted, seconds);
    }

    /** A percentile in milliseconds; 0 if there are no latencies. */
    public double percentile(int percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return Math.round(sorted[Math.max(0, rank - 1)] / 1e4) / 100.0;
    }

    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("answers", sorted.length);
        figures.put("perSecond", Math.round(sorted.length / seconds));
        figures.put("p50Millis", percentile(50));
        figures.put("p95Millis", percentile(95));
        figures.put("p99Millis", percentile(99));
        return figures;
    }
}
