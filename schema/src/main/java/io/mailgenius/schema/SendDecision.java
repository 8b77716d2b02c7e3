package io.mailgenius.schema;

/** What a person decides about mails without an outcome. */
public enum SendDecision {
    /** They went out. */
    SENT,
    /** They go out again, perhaps for the second time. */
    AGAIN
}
