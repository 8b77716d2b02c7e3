package io.mailgenius.schema;

/** Why an address is suppressed. A suppression also applies when the address is imported again. */
public enum SuppressionReason {
    UNSUBSCRIBED,
    BOUNCED,
    COMPLAINED,
    MANUAL
}
