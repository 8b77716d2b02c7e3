package io.mailgenius.schema;

/** What somebody did with a job. */
public enum LaunchAction {
    STOP,
    RESUME,
    RESTART,
    ABANDON,
    PRIORITISE,
    RETRY
}
