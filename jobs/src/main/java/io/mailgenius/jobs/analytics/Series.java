package io.mailgenius.jobs.analytics;

import java.time.Instant;
import java.util.List;

/** Figures over time, and their sum. Points without events are left out. */
public record Series(Figures total, List<Point> points) {

    /**
     * @param start of the hour or the day, in UTC
     */
    public record Point(Instant start, Figures figures) {}

    static Series of(List<Point> points) {
        return new Series(
                points.stream().map(Point::figures).reduce(Figures.NONE, Figures::plus),
                List.copyOf(points));
    }
}
