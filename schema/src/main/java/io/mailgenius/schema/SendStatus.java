package io.mailgenius.schema;

/** The outcome of a mail to one recipient. */
public enum SendStatus {
    SENT,
    FAILED,
    SKIPPED,
    UNKNOWN
}
