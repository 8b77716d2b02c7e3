package io.mailgenius.schema;

/** The share of the workers that a job gets while other jobs have chunks too. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
