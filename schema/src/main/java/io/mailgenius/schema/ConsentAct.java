package io.mailgenius.schema;

/** What a person said about being mailed. */
public enum ConsentAct {
    /** Yes, in answer to the mail that a form's request brought. */
    CONFIRMED,
    /** Yes again, after having unsubscribed. */
    RETURNED,
    /** Which lists and topics, without changing whether mails come at all. */
    CHOSE
}
