package io.mailgenius.schema;

/** The result of a form submission. */
public enum FormRequestStatus {
    /** The confirmation mail is queued. */
    QUEUED,
    MAILED,
    CONFIRMED,
    /**
     * No mail is sent, because the address is suppressed or was sent a confirmation mail recently.
     */
    IGNORED,
    FAILED,
    /** The confirmation mail may have been sent; it is not sent again for this request. */
    UNKNOWN
}
