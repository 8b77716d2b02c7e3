package io.mailgenius.schema;

/** How big a share of the workers a job gets while others wait too. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
