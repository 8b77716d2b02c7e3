package io.mailgenius.schema;

/** The states of an alert; one that is PENDING has not lasted as long as its rule asks for. */
public enum AlertState {
    PENDING,
    OPEN,
    ACKNOWLEDGED,
    RESOLVED
}
