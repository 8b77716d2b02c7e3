package io.mailgenius.engine.operations;

/** What is done with each job that a filter means. */
public enum BulkAction {
    STOP,
    RESTART,
    ABANDON,
    RETRY_FAILED
}
