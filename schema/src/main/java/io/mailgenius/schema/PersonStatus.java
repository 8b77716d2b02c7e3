package io.mailgenius.schema;

/** Whether a person may sign in. */
public enum PersonStatus {
    ACTIVE,
    DISABLED
}
