package io.mailgenius.schema;

/** Why an address is not mailed, whoever imports it again. */
public enum SuppressionReason {
    UNSUBSCRIBED,
    BOUNCED,
    COMPLAINED,
    MANUAL
}
