package io.mailgenius.jobs.forms;

import org.jspecify.annotations.Nullable;

/** What came of a click on the button behind a confirmation link. */
public sealed interface Confirmation {

    /** Now or before. */
    record Subscribed(@Nullable String redirectUrl) implements Confirmation {}

    /** The address complained or bounced, or was suppressed by hand: an operator's matter. */
    record Barred() implements Confirmation {}

    /** No link of ours, or one whose request is forgotten. */
    record Unknown() implements Confirmation {}
}
