package io.mailgenius.schema;

/** The states of a launch, which follow its latest execution. */
public enum LaunchState {
    QUEUED,
    RUNNING,
    STOPPING,
    COMPLETED,
    FAILED,
    STOPPED,
    ABANDONED
}
