package io.mailgenius.jobs.delivery;

import java.time.Duration;
import java.util.List;

/** What became of a batch that was handed to the provider. */
public sealed interface Outcome {

    /**
     * Taken, now or by an earlier call with the same key; the ids stand in the order of the mails.
     */
    record Accepted(List<String> providerIds) implements Outcome {}

    /** Taken by an earlier call whose body was another one; what ids it gave is not known. */
    record AcceptedBefore() implements Outcome {}

    /** Not taken, and nothing is wrong with it: call again with the same key after the pause. */
    record Deferred(Duration pause, String reason) implements Outcome {}

    /** Not taken, since at least one of its mails is not acceptable. */
    record Refused(String reason) implements Outcome {}

    /** Not taken, and no other batch will be until a person has seen to the account. */
    record Halted(String reason) implements Outcome {}

    /** The answer was lost: perhaps taken. Call again with the same key, within 23 hours. */
    record Unknown(String reason) implements Outcome {}
}
