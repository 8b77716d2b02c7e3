package io.mailgenius.jobs.analytics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The growth of a list or of the workspace.
 *
 * @param since when counting began
 * @param size now
 * @param points all that have begun, also those without changes
 */
public record Growth(Instant since, long size, List<Point> points) {

    /**
     * @param gained members added, each as often as that happened
     * @param lost members removed or deleted
     * @param subscribed members whose status became SUBSCRIBED
     * @param unsubscribed members whose status was SUBSCRIBED and changed; they stay members
     * @param size at the end of the point
     */
    public record Point(
            Instant start, long gained, long lost, long subscribed, long unsubscribed, long size) {}

    /** The changes in a period. */
    record Change(long gained, long lost, long subscribed, long unsubscribed) {

        static final Change NONE = new Change(0, 0, 0, 0);

        Change plus(Change other) {
            return new Change(
                    gained + other.gained,
                    lost + other.lost,
                    subscribed + other.subscribed,
                    unsubscribed + other.unsubscribed);
        }
    }

    /**
     * Computes sizes backwards from the current one. A sum from the beginning would carry any
     * missed change on forever.
     *
     * @param hours all changes since the span began, also those after its end
     */
    static Growth of(Instant since, long size, Map<Instant, Change> hours, Span span, Instant now) {
        Map<Instant, Change> byStart = new HashMap<>();
        long atEnd = size;
        for (Map.Entry<Instant, Change> hour : hours.entrySet()) {
            Change change = hour.getValue();
            if (hour.getKey().isBefore(span.to())) {
                byStart.merge(
                        span.bucket().startOf(hour.getKey(), span.zone()), change, Change::plus);
            } else {
                atEnd -= change.gained() - change.lost();
            }
        }
        List<Point> points = new ArrayList<>();
        for (Instant start : starts(since, span, now).reversed()) {
            Change change = byStart.getOrDefault(start, Change.NONE);
            points.add(
                    new Point(
                            start,
                            change.gained(),
                            change.lost(),
                            change.subscribed(),
                            change.unsubscribed(),
                            atEnd));
            atEnd -= change.gained() - change.lost();
        }
        Collections.reverse(points);
        return new Growth(since, size, List.copyOf(points));
    }

    private static List<Instant> starts(Instant since, Span span, Instant now) {
        List<Instant> starts = new ArrayList<>();
        Instant known = Bucket.HOUR.startOf(since, span.zone());
        Instant from = span.from().isBefore(known) ? known : span.from();
        Instant start = span.bucket().startOf(from, span.zone());
        while (start.isBefore(span.to()) && !start.isAfter(now)) {
            starts.add(start);
            start = span.bucket().after(start, span.zone());
        }
        return starts;
    }
}
