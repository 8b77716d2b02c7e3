package io.mailgenius.jobs.providers;

import java.time.Duration;
import java.util.List;

/** What became of a batch that was handed to the provider. */
public sealed interface BatchOutcome {

    /**
     * Taken, now or by an earlier call with the same key; the ids stand in the order of the mails.
     */
    record Accepted(List<String> providerIds) implements BatchOutcome {}

    /** Taken by an earlier call whose body was another one; what ids it gave is not known. */
    record AcceptedBefore() implements BatchOutcome {}

    /** Not taken, and nothing is wrong with it: call again with the same key after the pause. */
    record Deferred(Duration pause, String reason) implements BatchOutcome {}

    /** Not taken, since at least one of its mails is not acceptable. */
    record Refused(String reason) implements BatchOutcome {}

    /** Not taken, and no other batch will be until a person has seen to the account. */
    record Halted(String reason) implements BatchOutcome {}

    /** The answer was lost: perhaps taken. Call again with the same key, within 23 hours. */
    record Unknown(String reason) implements BatchOutcome {}
}
