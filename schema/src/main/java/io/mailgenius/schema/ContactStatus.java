package io.mailgenius.schema;

/** Whether a contact may be mailed: only {@code SUBSCRIBED} may. */
public enum ContactStatus {
    SUBSCRIBED,
    PENDING,
    UNSUBSCRIBED,
    BOUNCED,
    COMPLAINED
}
