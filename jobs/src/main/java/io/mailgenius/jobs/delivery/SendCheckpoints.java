package io.mailgenius.jobs.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.engine.ledger.ChunkLost;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.delivery.SendCheckpoint.Planned;
import io.mailgenius.jobs.delivery.SendCheckpoint.Reserved;
import io.mailgenius.jobs.delivery.SendCheckpoint.Splitting;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes the checkpoints of chunks of recipients. The stored JSON has one form for all
 * states, which nodes of another version read as well during an upgrade: which of its fields are
 * there tells the state.
 */
@Component
final class SendCheckpoints {

    private final JsonMapper json;

    SendCheckpoints(JsonMapper json) {
        this.json = json;
    }

    /**
     * The stored form.
     *
     * @param since from {@code Planned} on
     * @param skipped likewise; empty before
     * @param permit the reservation, if there is one
     * @param refused only of {@code Splitting}
     * @param halts null for none
     * @param account null for the installation's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Stored(
            @Nullable Instant since,
            @Nullable Map<Long, String> skipped,
            @Nullable Reservation permit,
            @Nullable Set<String> refused,
            @Nullable Integer halts,
            @Nullable Long account) {

        static Stored of(SendCheckpoint checkpoint) {
            Reservation reservation = checkpoint.reservation();
            Reservation permit = reservation.equals(Reservation.NONE) ? null : reservation;
            Integer halts = checkpoint.halts() == 0 ? null : checkpoint.halts();
            return switch (checkpoint) {
                case Reserved _ -> new Stored(null, Map.of(), permit, null, halts, null);
                case Planned(Instant since, Map<Long, String> skipped, _, _, long account) ->
                        new Stored(since, skipped, permit, null, halts, own(account));
                case Splitting(Instant since, var skipped, _, _, var refused, long account) ->
                        new Stored(
                                since,
                                skipped,
                                permit,
                                new TreeSet<>(refused),
                                halts,
                                own(account));
            };
        }

        private static @Nullable Long own(long account) {
            return account == ProviderAccounts.INSTALLATION ? null : account;
        }

        SendCheckpoint state() {
            long of = account == null ? ProviderAccounts.INSTALLATION : account;
            Reservation reservation = permit == null ? Reservation.NONE : permit;
            int times = halts == null ? 0 : halts;
            if (since == null) {
                return new Reserved(reservation, times);
            }
            Map<Long, String> left = skipped == null ? Map.of() : skipped;
            return refused == null || refused.isEmpty()
                    ? new Planned(since, left, reservation, times, of)
                    : new Splitting(since, left, reservation, times, refused, of);
        }
    }

    /** Of a chunk in progress. */
    SendCheckpoint of(Assignment chunk) {
        return chunk.checkpoint(Stored.class).map(Stored::state).orElse(Reserved.NOTHING);
    }

    /** As the ledger has it. */
    String write(SendCheckpoint checkpoint) {
        return json.writeValueAsString(Stored.of(checkpoint));
    }

    SendCheckpoint read(String stored) {
        return json.readValue(stored, Stored.class).state();
    }

    /**
     * Commits at once, or with the caller's transaction if there is one.
     *
     * @throws ChunkLost if the chunk belongs to another worker by now
     */
    void write(Assignment chunk, SendCheckpoint checkpoint) {
        chunk.checkpoint(Stored.of(checkpoint));
    }
}
