package io.mailgenius.schema;

/** The states of an import. */
public enum ImportStatus {
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    STOPPED
}
