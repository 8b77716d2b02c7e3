package io.mailgenius.jobs.events;

/** What can have happened to a mail. Words in the database and in figures are these. */
public enum EventType {
    SENT,
    DELIVERED,
    DELAYED,
    BOUNCED,
    COMPLAINED,
    OPENED,
    CLICKED,

    /** By a program and not by a person: see the package {@code tracking}. */
    MACHINE_OPENED,

    MACHINE_CLICKED,
    FAILED,
    SUPPRESSED,
    UNSUBSCRIBED
}
