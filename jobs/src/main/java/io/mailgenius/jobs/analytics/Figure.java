package io.mailgenius.jobs.analytics;

/**
 * The number of events and of contacts.
 *
 * @param contacts each counts once per campaign, in the hour of its first time
 */
public record Figure(long events, long contacts) {

    static final Figure NONE = new Figure(0, 0);

    Figure plus(Figure other) {
        return new Figure(events + other.events, contacts + other.contacts);
    }

    Figure minus(Figure other) {
        return new Figure(events - other.events, contacts - other.contacts);
    }
}
