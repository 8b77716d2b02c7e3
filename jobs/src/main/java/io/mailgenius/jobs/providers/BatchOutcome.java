package io.mailgenius.jobs.providers;

import java.time.Duration;
import java.util.List;

/** The provider's answer to a batch. */
public sealed interface BatchOutcome {

    /**
     * Accepted, now or by an earlier call with the same key; the ids have the order of the mails.
     */
    record Accepted(List<String> providerIds) implements BatchOutcome {}

    /** Accepted by an earlier call with another body; its ids are not known. */
    record AcceptedBefore() implements BatchOutcome {}

    /**
     * Not accepted, and nothing is wrong with the batch: repeat it with the same key after the
     * pause.
     */
    record Deferred(Duration pause, String reason) implements BatchOutcome {}

    /** Not accepted, because at least one of its mails is invalid. */
    record Refused(String reason) implements BatchOutcome {}

    /** Not accepted, and neither will other batches be until a person has acted on the account. */
    record Halted(String reason) implements BatchOutcome {}

    /** The answer was lost: perhaps accepted. Repeat it with the same key, within 23 hours. */
    record Unknown(String reason) implements BatchOutcome {}
}
