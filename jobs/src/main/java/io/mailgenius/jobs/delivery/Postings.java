package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Postponed;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands a chunk's mails to the provider, batch after batch, until each has an outcome that stands.
 * The key of a batch is made of the campaign, the chunk and the batch's place in it, so any
 * repetition, by whichever node, is recognised.
 */
final class Postings {

    /** Of the life of a key, what is left for clocks and calls. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TRIES = 5;

    private final Provider provider;
    private final Runnable requireHeld;
    private final String keyPrefix;
    private final Instant since;
    private final Refusals refusals;
    private final Clock clock;
    private final Wait wait;
    private final List<Send> sends = new ArrayList<>();

    /**
     * @param requireHeld throws if the chunk is no longer this worker's
     * @param since when the first of these batches may have gone out
     * @param refusals what is known of them from earlier attempts
     */
    Postings(
            Provider provider,
            Runnable requireHeld,
            String keyPrefix,
            Instant since,
            Refusals refusals,
            Clock clock) {
        this(provider, requireHeld, keyPrefix, since, refusals, clock, Thread::sleep);
    }

    Postings(
            Provider provider,
            Runnable requireHeld,
            String keyPrefix,
            Instant since,
            Refusals refusals,
            Clock clock,
            Wait wait) {
        this.provider = provider;
        this.requireHeld = requireHeld;
        this.keyPrefix = keyPrefix;
        this.since = since;
        this.refusals = refusals;
        this.clock = clock;
        this.wait = wait;
    }

    /**
     * A planned recipient's mail. The place among them is what batches are cut by, so one that
     * cannot be written keeps its place.
     *
     * @param mail null if it could not be written
     * @param problem why not
     */
    record Letter(long contactId, @Nullable Mail mail, @Nullable String problem) {}

    /**
     * @param letters asked for a batch at a time, so that they can be written as they go out
     * @throws Halted if the account takes no mails: the caller pauses the campaign
     * @throws Postponed if the provider wants a longer pause
     */
    void post(Iterator<Letter> letters) {
        for (int from = 0; letters.hasNext(); from += Provider.BATCH) {
            List<Letter> planned = new ArrayList<>(Provider.BATCH);
            for (int n = 0; n < Provider.BATCH && letters.hasNext(); n++) {
                Letter letter = letters.next();
                planned.add(letter);
                if (letter.mail() == null) {
                    sends.add(failed(letter, String.valueOf(letter.problem())));
                }
            }
            post(planned, keyPrefix + "-" + from);
        }
    }

    private void post(List<Letter> planned, String key) {
        List<Letter> letters = planned.stream().filter(letter -> letter.mail() != null).toList();
        if (letters.isEmpty()) {
            return;
        }
        if (refusals.contains(key)) {
            halve(planned, key);
            return;
        }
        Batch batch =
                new Batch(
                        key,
                        letters.stream()
                                .map(letter -> Objects.requireNonNull(letter.mail()))
                                .toList());
        for (int tries = 1; ; tries++) {
            requireHeld.run();
            if (clock.instant().isAfter(knownUntil(provider, since))) {
                // An earlier attempt may have sent this batch, and the provider would not know
                // its key any more: never a blind resend.
                unknown(
                        letters,
                        key,
                        "perhaps sent before; the provider has forgotten its key by now");
                return;
            }
            switch (provider.send(batch)) {
                case Outcome.Accepted(List<String> ids) -> {
                    for (int n = 0; n < letters.size(); n++) {
                        sent(letters.get(n), ids.get(n));
                    }
                    return;
                }
                case Outcome.AcceptedBefore() -> {
                    letters.forEach(letter -> sent(letter, null));
                    return;
                }
                case Outcome.Refused(String reason) -> {
                    if (letters.size() == 1) {
                        sends.add(failed(letters.getFirst(), reason));
                    } else {
                        refusals.add(key);
                        halve(planned, key);
                    }
                    return;
                }
                case Outcome.Halted(String reason) -> throw new Halted(reason);
                case Outcome.Deferred(Duration pause, String reason) ->
                        waitFor(pause, tries, reason);
                case Outcome.Unknown(String reason) ->
                        waitFor(Duration.ofMillis(200L << tries), tries, reason);
            }
        }
    }

    /** Until when a repetition of what was first sent at a moment is surely recognised. */
    static Instant knownUntil(Provider provider, Instant since) {
        return since.plus(provider.keyLife()).minus(MARGIN);
    }

    private void sent(Letter letter, @Nullable String id) {
        sends.add(new Send(letter.contactId(), SendStatus.SENT, null, id));
    }

    private static Send failed(Letter letter, String reason) {
        return new Send(letter.contactId(), SendStatus.FAILED, reason, null);
    }

    /**
     * One bad recipient must not cost the others their mail: halves are tried until it is alone.
     * They are cut by place, too, so that a contact that is deleted meanwhile moves nobody from one
     * into the other.
     */
    private void halve(List<Letter> planned, String key) {
        int middle = planned.size() / 2;
        post(planned.subList(0, middle), key + "a");
        post(planned.subList(middle, planned.size()), key + "b");
    }

    private void unknown(List<Letter> letters, String key, String reason) {
        for (Letter letter : letters) {
            sends.add(
                    new Send(
                            letter.contactId(),
                            SendStatus.UNKNOWN,
                            reason,
                            null,
                            new SendStore.Trace(key, since)));
        }
    }

    /** Short pauses are waited for with the chunk in hand, longer ones hand it back. */
    private void waitFor(Duration pause, int tries, String reason) {
        if (pause.compareTo(PATIENCE) > 0 || tries >= TRIES) {
            throw new Postponed(pause, reason);
        }
        try {
            wait.until(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Postponed(Duration.ZERO, "the node leaves");
        }
    }

    List<Send> sends() {
        return sends;
    }

    /** So that a test need not wait. */
    interface Wait {
        void until(Duration over) throws InterruptedException;
    }

    /** The provider takes no more mails of this account until a person has seen to it. */
    static final class Halted extends RuntimeException {
        Halted(String reason) {
            super(reason, null, false, false);
        }
    }
}
