package io.mailgenius.jobs.analytics;

/**
 * How often something happened, and to how many contacts.
 *
 * @param contacts each once per campaign, in the hour of its first time
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
