package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.Postponed;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands a chunk's mails to the provider, batch after batch, until each has an outcome that stands. The
 * key of a batch is made of the campaign, the chunk and the batch's place in it, so any repetition,
 * by whichever node, is recognised.
 */
final class Postings {

    /** The provider keeps keys for 24 hours; an hour is left for clocks and calls. */
    static final Duration KEY_LIFE = Duration.ofHours(23);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TRIES = 5;

    private final Provider provider;
    private final Assignment chunk;
    private final String keyPrefix;
    private final Instant since;
    private final Clock clock;
    private final List<Send> sends = new ArrayList<>();

    Postings(Provider provider, Assignment chunk, String keyPrefix, Instant since, Clock clock) {
        this.provider = provider;
        this.chunk = chunk;
        this.keyPrefix = keyPrefix;
        this.since = since;
        this.clock = clock;
    }

    /** A mail and whose it is. */
    record Letter(long contactId, Mail mail) {}

    /**
     * @throws Halted if the account takes no mails: the caller pauses the campaign
     * @throws Postponed if the provider wants a longer pause
     */
    void post(List<Letter> letters) {
        for (int from = 0; from < letters.size(); from += Provider.BATCH) {
            int to = Math.min(letters.size(), from + Provider.BATCH);
            post(letters, from, to);
        }
    }

    private void post(List<Letter> letters, int from, int to) {
        Batch batch =
                new Batch(
                        keyPrefix + "-" + from + "-" + to,
                        letters.subList(from, to).stream().map(Letter::mail).toList());
        for (int tries = 1; ; tries++) {
            chunk.requireHeld();
            switch (provider.send(batch)) {
                case Outcome.Accepted(List<String> ids) -> {
                    for (int n = from; n < to; n++) {
                        sent(letters.get(n), ids.get(n - from));
                    }
                    return;
                }
                case Outcome.AcceptedBefore() -> {
                    letters.subList(from, to).forEach(letter -> sent(letter, null));
                    return;
                }
                case Outcome.Refused(String reason) -> {
                    refused(letters, from, to, reason);
                    return;
                }
                case Outcome.Halted(String reason) -> throw new Halted(reason);
                case Outcome.Deferred(Duration pause, String reason) ->
                        waitFor(pause, tries, reason);
                case Outcome.Unknown(String reason) -> {
                    if (clock.instant().isAfter(since.plus(KEY_LIFE))) {
                        unknown(letters, from, to, reason);
                        return;
                    }
                    waitFor(Duration.ofMillis(200L << tries), tries, reason);
                }
            }
        }
    }

    private void sent(Letter letter, @Nullable String id) {
        sends.add(new Send(letter.contactId(), SendStatus.SENT, null, id));
    }

    /** One bad recipient must not cost the others their mail: halves are tried until it is alone. */
    private void refused(List<Letter> letters, int from, int to, String reason) {
        if (to - from == 1) {
            sends.add(
                    new Send(letters.get(from).contactId(), SendStatus.FAILED, reason, null));
            return;
        }
        int middle = (from + to) >>> 1;
        post(letters, from, middle);
        post(letters, middle, to);
    }

    private void unknown(List<Letter> letters, int from, int to, String reason) {
        for (Letter letter : letters.subList(from, to)) {
            sends.add(new Send(letter.contactId(), SendStatus.UNKNOWN, reason, null));
        }
    }

    /** Short pauses are waited for with the chunk in hand, longer ones hand it back. */
    private void waitFor(Duration pause, int tries, String reason) {
        if (pause.compareTo(PATIENCE) > 0 || tries >= TRIES) {
            throw new Postponed(pause, reason);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Postponed(Duration.ZERO, "the node leaves");
        }
    }

    List<Send> sends() {
        return sends;
    }

    /** The provider takes no more mails of this account until a person has seen to it. */
    static final class Halted extends RuntimeException {
        Halted(String reason) {
            super(reason, null, false, false);
        }
    }
}
