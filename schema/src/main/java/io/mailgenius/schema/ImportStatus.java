package io.mailgenius.schema;

/** How far an import is. */
public enum ImportStatus {
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    STOPPED
}
