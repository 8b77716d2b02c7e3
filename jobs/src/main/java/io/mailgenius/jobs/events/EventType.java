package io.mailgenius.jobs.events;

/** The types of events. Their names are stored in the database and used in figures. */
public enum EventType {
    SENT,
    DELIVERED,
    DELAYED,
    BOUNCED,
    COMPLAINED,
    OPENED,
    CLICKED,

    /** Done by a bot, see package {@code tracking}. */
    MACHINE_OPENED,

    MACHINE_CLICKED,
    FAILED,
    SUPPRESSED,
    UNSUBSCRIBED
}
