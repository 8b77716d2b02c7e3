package io.mailgenius.schema;

/** The status of a message to an endpoint. */
public enum DeliveryStatus {
    /** Not delivered yet; an attempt is due, now or later. */
    PENDING,
    DELIVERED,
    /** All attempts have failed. */
    FAILED
}
