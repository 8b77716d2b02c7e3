package io.mailgenius.jobs.events;

/**
 * What can have happened to a mail. Words in the database and in figures are these. What a machine
 * did that reads mails before people do is told apart, and never counted as theirs.
 */
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
    UNSUBSCRIBED,
    MACHINE_OPENED,
    MACHINE_CLICKED
}
