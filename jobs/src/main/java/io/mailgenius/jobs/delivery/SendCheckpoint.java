package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How far a chunk of recipients has come, as stored with the chunk before the next step is taken.
 * Every later attempt starts from it. {@link SendCheckpoints} reads and writes it.
 */
sealed interface SendCheckpoint {

    /** What the chunk has taken of its campaign's allowance. */
    Reservation reservation();

    /** How often this chunk has paused its campaign because every mail of it was refused. */
    int halts();

    SendCheckpoint with(Reservation other);

    /**
     * The checkpoint of a chunk that has paused its campaign. If the provider has certainly taken
     * nothing, the chunk starts over: the lifetime of its keys must not run out while the campaign
     * waits for a person, and the caller gives the reservation back.
     */
    default SendCheckpoint after(BatchSender.Halted halt) {
        SendCheckpoint counted = halt.refusesAll() ? haltedAgain() : this;
        return halt.nothingTaken() ? new Reserved(Reservation.NONE, counted.halts()) : counted;
    }

    /** This state with one more halt. */
    SendCheckpoint haltedAgain();

    /** Nothing was handed to the provider yet, and it is still open who is mailed. */
    record Reserved(Reservation reservation, int halts) implements SendCheckpoint {

        /** The state of a chunk without a checkpoint. */
        static final Reserved NOTHING = new Reserved(Reservation.NONE, 0);

        @Override
        public Reserved with(Reservation other) {
            return new Reserved(other, halts);
        }

        @Override
        public Reserved haltedAgain() {
            return new Reserved(reservation, halts + 1);
        }

        /**
         * @param account through which all attempts send
         */
        Planned plan(Instant since, Map<Long, String> skipped, long account) {
            return new Planned(since, skipped, reservation, halts, account);
        }
    }

    /**
     * It is decided who is mailed, and batches may have gone out. Every attempt makes the same
     * batches of the same people, so that the provider recognises a repetition by its key.
     */
    sealed interface Started extends SendCheckpoint {

        /** When the first batch may have gone out; the provider keeps keys for a day. */
        Instant since();

        /** Contacts that get no mail, with the reason. */
        Map<Long, String> skipped();

        /**
         * The provider account that may have taken batches, and that alone knows their keys; 0 for
         * the installation's.
         */
        long account();

        /** Keys of batches that the provider refused as a whole and that were split. */
        Set<String> refused();

        /** The provider has refused the whole batch with this key: its halves are sent instead. */
        default Splitting split(String key) {
            Set<String> more = new HashSet<>(refused());
            more.add(key);
            return new Splitting(since(), skipped(), reservation(), halts(), more, account());
        }
    }

    /** No batch was split so far. */
    record Planned(
            Instant since,
            Map<Long, String> skipped,
            Reservation reservation,
            int halts,
            long account)
            implements Started {

        /** Through the installation's account. */
        Planned(Instant since, Map<Long, String> skipped, Reservation reservation, int halts) {
            this(since, skipped, reservation, halts, ProviderAccounts.INSTALLATION);
        }

        @Override
        public Set<String> refused() {
            return Set.of();
        }

        @Override
        public Planned with(Reservation other) {
            return new Planned(since, skipped, other, halts, account);
        }

        @Override
        public Planned haltedAgain() {
            return new Planned(since, skipped, reservation, halts + 1, account);
        }
    }

    /** At least one batch was refused as a whole and goes out as halves. */
    record Splitting(
            Instant since,
            Map<Long, String> skipped,
            Reservation reservation,
            int halts,
            Set<String> refused,
            long account)
            implements Started {

        /** Through the installation's account. */
        Splitting(
                Instant since,
                Map<Long, String> skipped,
                Reservation reservation,
                int halts,
                Set<String> refused) {
            this(since, skipped, reservation, halts, refused, ProviderAccounts.INSTALLATION);
        }

        public Splitting {
            refused = Set.copyOf(refused);
        }

        @Override
        public Splitting with(Reservation other) {
            return new Splitting(since, skipped, other, halts, refused, account);
        }

        @Override
        public Splitting haltedAgain() {
            return new Splitting(since, skipped, reservation, halts + 1, refused, account);
        }
    }
}
