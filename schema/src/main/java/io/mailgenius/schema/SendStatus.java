package io.mailgenius.schema;

/** What became of the mail to one recipient. */
public enum SendStatus {
    SENT,
    FAILED,
    SKIPPED,
    UNKNOWN
}
