package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.toCollection;

import io.mailgenius.jobs.events.EventType;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The changes of figures, sorted by key. */
final class FigureDeltas {

    record HourKey(long campaign, Instant hour, String type) {}

    record PartKey(long campaign, String dimension, String value, String type) {}

    /** Contacts are negative if their first time moved to an earlier hour. */
    record Delta(long events, long contacts) {

        static final Delta NONE = new Delta(0, 0);

        Delta plus(Delta other) {
            return new Delta(events + other.events, contacts + other.contacts);
        }
    }

    private final Map<HourKey, Delta> hours =
            new TreeMap<>(
                    Comparator.comparingLong(HourKey::campaign)
                            .thenComparing(HourKey::hour)
                            .thenComparing(HourKey::type));
    private final Map<PartKey, Delta> parts =
            new TreeMap<>(
                    Comparator.comparingLong(PartKey::campaign)
                            .thenComparing(PartKey::dimension)
                            .thenComparing(PartKey::value)
                            .thenComparing(PartKey::type));

    void hour(long campaign, Instant hour, String type, long events, long contacts) {
        hours.merge(new HourKey(campaign, hour, type), new Delta(events, contacts), Delta::plus);
    }

    void part(
            long campaign,
            String dimension,
            String value,
            String type,
            long events,
            long contacts) {
        parts.merge(
                new PartKey(campaign, dimension, value, type),
                new Delta(events, contacts),
                Delta::plus);
    }

    Map<HourKey, Delta> hours() {
        return hours;
    }

    Map<PartKey, Delta> parts() {
        return parts;
    }

    SortedSet<Long> campaigns() {
        SortedSet<Long> campaigns = new TreeSet<>();
        hours.keySet().forEach(key -> campaigns.add(key.campaign()));
        parts.keySet().forEach(key -> campaigns.add(key.campaign()));
        return campaigns;
    }

    /** The types that occurred. */
    Set<EventType> types() {
        return hours.keySet().stream()
                .map(key -> EventType.valueOf(key.type()))
                .collect(toCollection(() -> EnumSet.noneOf(EventType.class)));
    }

    int size() {
        return hours.size() + parts.size();
    }
}
