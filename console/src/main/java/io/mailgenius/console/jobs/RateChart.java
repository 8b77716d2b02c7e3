package io.mailgenius.console.jobs;

import io.mailgenius.console.pages.Sparkline;
import io.mailgenius.engine.operations.RatePoint;
import io.mailgenius.engine.operations.RateSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The items per second of a step over time. */
record RateChart(String step, Instant from, Instant to, Sparkline line) {

    static final int WIDTH = 1_000;
    static final int HEIGHT = 120;

    static List<RateChart> of(RateSeries rates) {
        Map<String, List<RatePoint>> bySteps = new LinkedHashMap<>();
        rates.points()
                .forEach(it -> bySteps.computeIfAbsent(it.step(), _ -> new ArrayList<>()).add(it));
        return bySteps.entrySet().stream()
                .map(step -> of(step.getKey(), step.getValue(), rates.interval()))
                .toList();
    }

    /** Between the points nothing was finished. */
    private static RateChart of(String step, List<RatePoint> points, Duration interval) {
        double seconds = Math.max(0.001, interval.toMillis() / 1000.0);
        Instant from = points.getFirst().from();
        Instant last = points.getLast().from();
        int count = (int) Math.min(1_000, Duration.between(from, last).dividedBy(interval) + 1);
        Double[] values = new Double[count];
        Arrays.fill(values, 0.0);
        for (RatePoint point : points) {
            int n = (int) Duration.between(from, point.from()).dividedBy(interval);
            if (n >= 0 && n < count) {
                values[n] += point.items() / seconds;
            }
        }
        return new RateChart(
                step, from, last.plus(interval), Sparkline.of(List.of(values), WIDTH, HEIGHT));
    }
}
