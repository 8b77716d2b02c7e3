package io.mailgenius.jobs.forms;

import org.jspecify.annotations.Nullable;

/** The outcome of a confirmation. */
public sealed interface Confirmation {

    /** Subscribed now, or by an earlier click. */
    record Subscribed(@Nullable String redirectUrl) implements Confirmation {}

    /**
     * The address complained, bounced or was suppressed manually; only an operator can lift that.
     */
    record Barred() implements Confirmation {}

    /** The token is invalid, or its request has been purged. */
    record Unknown() implements Confirmation {}
}
