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
    FAILED,
    SUPPRESSED,
    UNSUBSCRIBED
}
