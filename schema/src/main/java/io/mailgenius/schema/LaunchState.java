package io.mailgenius.schema;

/** How far the latest execution of a job instance is. */
public enum LaunchState {
    QUEUED,
    RUNNING,
    STOPPING,
    COMPLETED,
    FAILED,
    STOPPED,
    ABANDONED
}
