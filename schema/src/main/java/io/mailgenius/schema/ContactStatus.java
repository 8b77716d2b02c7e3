package io.mailgenius.schema;

/** The mailing status of a contact: only {@code SUBSCRIBED} contacts receive mail. */
public enum ContactStatus {
    SUBSCRIBED,
    PENDING,
    UNSUBSCRIBED,
    BOUNCED,
    COMPLAINED
}
