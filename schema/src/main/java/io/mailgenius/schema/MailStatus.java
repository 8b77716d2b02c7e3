package io.mailgenius.schema;

/** The status of a transactional mail. */
public enum MailStatus {
    /** Stored, and sent as soon as it is due. */
    QUEUED,
    /** Accepted by the provider. */
    SENT,
    DELIVERED,
    BOUNCED,
    COMPLAINED,
    /** The provider did not accept it, or accepted it and did not send it. */
    FAILED,
    /** Not sent, because the address is suppressed. */
    SUPPRESSED,
    /** Perhaps sent: the answer was lost, and the provider no longer knows whether it was. */
    UNKNOWN,
    CANCELLED
}
