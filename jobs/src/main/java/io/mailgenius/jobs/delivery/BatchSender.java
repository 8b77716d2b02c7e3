package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.delivery.SendCheckpoint.Started;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a chunk's mails to the provider, batch after batch, until each has a final outcome. The key
 * of a batch consists of campaign, chunk and the batch's place in it, so a repetition by any node
 * is recognised.
 */
final class BatchSender {

    /** The part of a key's lifetime that is left for clock differences and requests. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TRIES = 5;

    private final Provider provider;
    private final Chunk chunk;
    private final String keyPrefix;
    private final Clock clock;
    private final Wait wait;
    private final RefusalStreak streak;
    private final long timesAsFar;
    private final List<Send> sends = new ArrayList<>();
    private Started checkpoint;
    private boolean perhapsTaken;
    private boolean acceptedOfBatch;

    /** What a sender needs of the chunk that it sends. */
    interface Chunk {

        /** Throws if the chunk belongs to another worker by now. */
        void requireHeld();

        /** Stores the checkpoint, durable on return. */
        void store(Started checkpoint);
    }

    /**
     * @param checkpoint stored before; a chunk that has often halted its campaign because all of it
     *     was refused may try ten times as many mails each time, so that a chunk of bad addresses
     *     comes to an end
     * @param begun whether an earlier attempt may have handed something over
     */
    BatchSender(
            Provider provider,
            Chunk chunk,
            String keyPrefix,
            Started checkpoint,
            boolean begun,
            RefusalStreak streak,
            Clock clock) {
        this(provider, chunk, keyPrefix, checkpoint, begun, streak, clock, Thread::sleep);
    }

    BatchSender(
            Provider provider,
            Chunk chunk,
            String keyPrefix,
            Started checkpoint,
            boolean begun,
            RefusalStreak streak,
            Clock clock,
            Wait wait) {
        this.provider = provider;
        this.chunk = chunk;
        this.keyPrefix = keyPrefix;
        this.checkpoint = checkpoint;
        this.streak = streak;
        this.timesAsFar = (long) Math.pow(10, Math.min(checkpoint.halts(), 9));
        this.perhapsTaken = begun;
        this.clock = clock;
        this.wait = wait;
    }

    /**
     * The mail of a planned recipient. Batches are cut by the place among them, so a mail that
     * cannot be rendered keeps its place.
     *
     * @param mail null if it could not be rendered
     * @param problem why not
     */
    record Letter(long contactId, @Nullable Mail mail, @Nullable String problem) {}

    /**
     * @param letters read a batch at a time, so that they are rendered just before they are sent
     * @throws Halted if the account accepts no mails, or none of this campaign: the caller pauses
     *     it
     * @throws Deferred if the provider wants a longer pause
     */
    void post(Iterator<Letter> letters) {
        for (int from = 0; letters.hasNext(); from += Provider.BATCH) {
            List<Letter> planned = new ArrayList<>(Provider.BATCH);
            for (int n = 0; n < Provider.BATCH && letters.hasNext(); n++) {
                planned.add(letters.next());
            }
            post(planned, keyPrefix + "-" + from);
        }
        if (timesAsFar > 1) {
            // This chunk was allowed a longer streak than others.
            streak.clear();
        }
    }

    /** A range of the planned recipients, and its idempotency key. */
    private record Part(int from, int to, String key) {

        /**
         * Halves are cut by place, so that a contact that is deleted meanwhile moves no other
         * contact to the other half.
         */
        Part first() {
            return new Part(from, (from + to) / 2, key + "a");
        }

        Part second() {
            return new Part((from + to) / 2, to, key + "b");
        }
    }

    /**
     * Sends a batch. One bad recipient must not cost the others their mail, so a refused batch is
     * halved until the bad one is alone. The parts are kept in the order of places and taken from
     * both ends in turn while all are refused, since a few bad addresses are seldom at both ends.
     */
    private void post(List<Letter> planned, String key) {
        Send[] outcomes = new Send[planned.size()];
        Deque<Part> parts = new ArrayDeque<>();
        parts.add(new Part(0, planned.size(), key));
        acceptedOfBatch = false;
        while (!parts.isEmpty()) {
            boolean fromTheEnd = streak.length() % 2 == 1;
            Part part = fromTheEnd ? parts.removeLast() : parts.removeFirst();
            if (checkpoint.refused().contains(part.key()) || !isTaken(planned, part, outcomes)) {
                if (fromTheEnd) {
                    parts.addLast(part.first());
                    parts.addLast(part.second());
                } else {
                    parts.addFirst(part.second());
                    parts.addFirst(part.first());
                }
            }
        }
        if (acceptedOfBatch) {
            streak.clear();
        }
        sends.addAll(Arrays.asList(outcomes));
    }

    /**
     * Sends a part until each of its mails has an outcome.
     *
     * @return false if it was refused and can be halved
     */
    private boolean isTaken(List<Letter> planned, Part part, Send[] outcomes) {
        List<Integer> places = new ArrayList<>(part.to() - part.from());
        List<Mail> mails = new ArrayList<>(part.to() - part.from());
        for (int place = part.from(); place < part.to(); place++) {
            Letter letter = planned.get(place);
            if (letter.mail() == null) {
                outcomes[place] = failed(letter, String.valueOf(letter.problem()));
            } else {
                places.add(place);
                mails.add(letter.mail());
            }
        }
        if (mails.isEmpty()) {
            return true;
        }
        MailBatch batch = new MailBatch(part.key(), mails);
        for (int tries = 1; ; tries++) {
            chunk.requireHeld();
            if (clock.instant().isAfter(knownUntil(provider, checkpoint.since()))) {
                // An earlier attempt may have sent this batch, and the provider may have
                // forgotten its key: it must not be sent again.
                for (int place : places) {
                    outcomes[place] = unknown(planned.get(place), part.key());
                }
                return true;
            }
            switch (handOver(batch)) {
                case BatchOutcome.Accepted(List<String> ids) -> {
                    streak.accepted();
                    acceptedOfBatch = true;
                    for (int n = 0; n < ids.size(); n++) {
                        outcomes[places.get(n)] = sent(planned.get(places.get(n)), ids.get(n));
                    }
                    return true;
                }
                case BatchOutcome.AcceptedBefore() -> {
                    streak.accepted();
                    acceptedOfBatch = true;
                    for (int place : places) {
                        outcomes[place] = sent(planned.get(place), null);
                    }
                    return true;
                }
                case BatchOutcome.Refused(String reason) -> {
                    if (mails.size() > 1) {
                        split(part.key());
                        return false;
                    }
                    requireNotAllRefused(reason);
                    int place = places.getFirst();
                    outcomes[place] = failed(planned.get(place), reason);
                    return true;
                }
                case BatchOutcome.Halted(String reason) ->
                        throw new Halted(reason, !perhapsTaken, false);
                case BatchOutcome.Deferred(Duration pause, String reason) ->
                        waitFor(pause, tries, reason);
                case BatchOutcome.Unknown(String reason) ->
                        waitFor(Duration.ofMillis(200L << tries), tries, reason);
            }
        }
    }

    /**
     * Stored before the halves go out under keys of their own: after a crash the whole batch is not
     * offered again, which a provider that has changed its mind would accept beside the halves.
     */
    private void split(String key) {
        checkpoint = checkpoint.split(key);
        chunk.store(checkpoint);
    }

    private BatchOutcome handOver(MailBatch batch) {
        BatchOutcome outcome = provider.send(batch);
        perhapsTaken =
                perhapsTaken
                        || switch (outcome) {
                            case BatchOutcome.Halted _, BatchOutcome.Refused _ -> false;
                            case BatchOutcome.Accepted _,
                                    BatchOutcome.AcceptedBefore _,
                                    BatchOutcome.Deferred _,
                                    BatchOutcome.Unknown _ ->
                                    true;
                        };
        return outcome;
    }

    /** If other mails of the same batch were accepted, the cause is the mail. */
    private void requireNotAllRefused(String reason) {
        if (streak.refused(reason) >= streak.patience() * timesAsFar && !acceptedOfBatch) {
            streak.clear();
            throw new Halted("The provider refuses every mail: " + reason, !perhapsTaken, true);
        }
    }

    /**
     * Until when a repetition of a batch that was first sent at this moment is certainly
     * recognised.
     */
    static Instant knownUntil(Provider provider, Instant since) {
        return since.plus(provider.keyLife()).minus(MARGIN);
    }

    private static Send sent(Letter letter, @Nullable String id) {
        return new Send(letter.contactId(), SendStatus.SENT, null, id);
    }

    private static Send failed(Letter letter, String reason) {
        return new Send(letter.contactId(), SendStatus.FAILED, reason, null);
    }

    private Send unknown(Letter letter, String key) {
        return new Send(
                letter.contactId(),
                SendStatus.UNKNOWN,
                "perhaps sent before; the provider has forgotten its key by now",
                null,
                new SendStore.Trace(key, checkpoint.since()));
    }

    /** Waits for short pauses with the chunk in progress; a longer one returns the chunk. */
    private void waitFor(Duration pause, int tries, String reason) {
        if (pause.compareTo(PATIENCE) > 0 || tries >= TRIES) {
            throw new Deferred(pause, reason);
        }
        try {
            wait.until(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Deferred(Duration.ZERO, "the node leaves");
        }
    }

    List<Send> sends() {
        return sends;
    }

    /** Replaced in tests, which need not wait. */
    interface Wait {
        void until(Duration over) throws InterruptedException;
    }

    /** The provider accepts no more mails until a person has acted. */
    static sealed class Halted extends RuntimeException permits MailMeter.LimitReached {

        private final boolean nothingTaken;
        private final boolean refusesAll;

        Halted(String reason, boolean nothingTaken, boolean refusesAll) {
            super(reason, null, false, false);
            this.nothingTaken = nothingTaken;
            this.refusesAll = refusesAll;
        }

        /** The provider has certainly accepted no batch of this chunk. */
        boolean nothingTaken() {
            return nothingTaken;
        }

        /** The account is fine, but each mail is refused for the same reason. */
        boolean refusesAll() {
            return refusesAll;
        }
    }
}
