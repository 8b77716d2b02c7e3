package io.mailgenius.jobs.analytics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a list, or the workspace as a whole, came to its size.
 *
 * @param since from when on it is known who came and went
 * @param size now
 * @param points each that has begun, whether anything changed in it or not
 */
public record Growth(Instant since, long size, List<Point> points) {

    /**
     * @param gained members that were put on it, each as often as that happened
     * @param lost those that were taken off it or deleted
     * @param subscribed members whose status became SUBSCRIBED, so that they are mailed from now on
     * @param unsubscribed those whose status stopped being it; they stay members
     * @param size at its end
     */
    public record Point(
            Instant start, long gained, long lost, long subscribed, long unsubscribed, long size) {}

    /** What happened in some time. */
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
     * Sizes are the one of now and what has changed since, and never a sum from the beginning: what
     * was not counted once would be wrong for good.
     *
     * @param hours all that changed since the span began, also after its end
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
