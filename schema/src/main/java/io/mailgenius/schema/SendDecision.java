package io.mailgenius.schema;

/** A user's decision about mails with the outcome UNKNOWN. */
public enum SendDecision {
    /** They were sent. */
    SENT,
    /** They are sent again, perhaps for the second time. */
    AGAIN
}
