package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.toMap;

import io.mailgenius.jobs.events.EventType;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Figures over time and their total. Points without events are left out. */
public record Series(Figures total, List<Point> points) {

    /**
     * @param start of the hour, day, week or month, in UTC
     */
    public record Point(Instant start, Figures figures) {}

    /** Aggregates hourly figures. */
    static final class Sums {

        private final Bucket bucket;
        private final ZoneId zone;
        private final Map<Instant, Map<EventType, Figure>> byStart = new TreeMap<>();

        Sums(Bucket bucket, ZoneId zone) {
            this.bucket = bucket;
            this.zone = zone;
        }

        void add(Instant hour, EventType type, Figure figure) {
            byStart.computeIfAbsent(bucket.startOf(hour, zone), _ -> new EnumMap<>(EventType.class))
                    .merge(type, figure, Figure::plus);
        }

        Series series() {
            return Series.of(
                    byStart.entrySet().stream()
                            .map(e -> new Point(e.getKey(), new Figures(e.getValue())))
                            .toList());
        }
    }

    static Series of(List<Point> points) {
        return new Series(
                Figures.sum(points.stream().map(Point::figures).toList()), List.copyOf(points));
    }

    Map<Instant, Figures> byStart() {
        return points.stream().collect(toMap(Point::start, Point::figures));
    }
}
