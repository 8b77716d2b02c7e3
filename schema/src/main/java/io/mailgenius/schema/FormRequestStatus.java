package io.mailgenius.schema;

/** What became of an address that somebody put into a form. */
public enum FormRequestStatus {
    /** Its confirmation mail is still to go out. */
    QUEUED,
    MAILED,
    CONFIRMED,
    /** No mail goes out: the address may not come back, or was asked a moment ago. */
    IGNORED,
    FAILED,
    /** Perhaps mailed, and never again for this request. */
    UNKNOWN
}
