package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The figures by type; a missing type has none. */
public record Figures(Map<EventType, Figure> byType) {

    static final Figures NONE = new Figures(Map.of());

    public Figures {
        byType = byType.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(byType));
    }

    static Figures sum(Collection<Figures> all) {
        Map<EventType, Figure> sum = new EnumMap<>(EventType.class);
        for (Figures figures : all) {
            figures.byType.forEach((type, figure) -> sum.merge(type, figure, Figure::plus));
        }
        return new Figures(sum);
    }

    public Figure of(EventType type) {
        return byType.getOrDefault(type, Figure.NONE);
    }

    public long delivered() {
        return of(EventType.DELIVERED).contacts();
    }

    public long opened() {
        return of(EventType.OPENED).contacts();
    }

    public long clicked() {
        return of(EventType.CLICKED).contacts();
    }

    public long bounced() {
        return of(EventType.BOUNCED).contacts();
    }

    public long complained() {
        return of(EventType.COMPLAINED).contacts();
    }

    public long unsubscribed() {
        return of(EventType.UNSUBSCRIBED).contacts();
    }

    /** Not included in {@link #opened()}. */
    public long machineOpened() {
        return of(EventType.MACHINE_OPENED).contacts();
    }

    public long machineClicked() {
        return of(EventType.MACHINE_CLICKED).contacts();
    }

    /** Accepted and then not sent, except for {@link #suppressed()}. */
    public long failedLater() {
        return of(EventType.FAILED).contacts();
    }

    /** Accepted and then not sent, because the address is on the provider's suppression list. */
    public long suppressed() {
        return of(EventType.SUPPRESSED).contacts();
    }

    public Rates rates() {
        return Rates.of(this);
    }

    /** Negative where the other figures are larger. */
    Figures minus(Figures other) {
        Map<EventType, Figure> difference = new EnumMap<>(EventType.class);
        difference.putAll(byType);
        other.byType.forEach((type, figure) -> difference.put(type, of(type).minus(figure)));
        return new Figures(difference);
    }
}
