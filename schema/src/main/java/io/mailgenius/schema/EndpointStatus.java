package io.mailgenius.schema;

/** Whether an endpoint is told what happens. */
public enum EndpointStatus {
    ENABLED,
    DISABLED
}
