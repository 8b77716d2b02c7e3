package io.mailgenius.schema;

/** How a contact changed its consent. */
public enum ConsentAct {
    /** Confirmed the subscription by the link in the confirmation mail of a form. */
    CONFIRMED,
    /** Subscribed again after having unsubscribed. */
    RETURNED,
    /** Changed lists or topics, but not whether it receives mail at all. */
    CHOSE
}
