package io.mailgenius.jobs.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.campaigns.Reservation;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a chunk mails, written down before the first call: every attempt makes the same batches of
 * the same people, so that the provider knows a repetition by its key.
 *
 * @param since when the first batch may have gone out; the provider forgets keys a day later. Null
 *     as long as there is nothing but a permit
 * @param skipped contacts that get no mail, with the reason
 * @param permit what it has taken of its campaign's allowance
 * @param refused keys of batches that the provider refused as a whole and that went on as halves;
 *     null if there is none
 * @param halts how often this chunk has halted its campaign because all of it was refused; null for
 *     never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SendCheckpoint(
        @Nullable Instant since,
        Map<Long, String> skipped,
        @Nullable Reservation permit,
        @Nullable Set<String> refused,
        @Nullable Integer halts) {

    static SendCheckpoint none() {
        return new SendCheckpoint(null, Map.of(), null, null, null);
    }

    /** Nothing has gone out before it is made. */
    boolean isMade() {
        return since != null;
    }

    /** Of one that is made. */
    Instant made() {
        return Objects.requireNonNull(since, "The plan is made");
    }

    Reservation reserved() {
        return permit == null ? Reservation.NONE : permit;
    }

    SendCheckpoint with(Reservation taken) {
        return new SendCheckpoint(since, skipped, taken, refused, halts);
    }

    SendCheckpoint withRefused(Set<String> keys) {
        return new SendCheckpoint(since, skipped, permit, Set.copyOf(keys), halts);
    }

    Set<String> refusedBefore() {
        return refused == null ? Set.of() : refused;
    }

    /**
     * A halt of which surely nothing was taken leaves nothing of the plan: the hours of its keys do
     * not run while the campaign waits for a person, and what was reserved for it is for the caller
     * to give back.
     */
    SendCheckpoint after(BatchSender.Halted halt) {
        Integer again = halt.refusesAll() ? Integer.valueOf(haltsBefore() + 1) : halts;
        return halt.nothingTaken() && isMade()
                ? new SendCheckpoint(null, Map.of(), null, null, again)
                : new SendCheckpoint(since, skipped, permit, refused, again);
    }

    int haltsBefore() {
        return halts == null ? 0 : halts;
    }
}
