package io.mailgenius.bench.chaos;

import io.mailgenius.bench.verify.LedgerSnapshot;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fault that was injected, and its consequences. */
final class Incident {

    /** The limit from a fault to the next completed chunk, with the default lease. */
    private static final Duration PROMISED = Duration.ofSeconds(15);

    private final FaultKind kind;
    private final String whom;
    private final Instant at;
    private final Recovery recovery;
    private volatile @Nullable Instant over;

    Incident(FaultKind kind, String whom, Instant at, Recovery recovery) {
        this.kind = kind;
        this.whom = whom;
        this.at = at;
        this.recovery = recovery;
    }

    FaultKind kind() {
        return kind;
    }

    String whom() {
        return whom;
    }

    Instant at() {
        return at;
    }

    synchronized void look(LedgerSnapshot ledgerSnapshot, Instant now) {
        recovery.look(ledgerSnapshot, now);
    }

    /** The node continues, or the store is available again. */
    void over(Instant moment) {
        over = moment;
    }

    @Nullable Instant over() {
        return over;
    }

    @Nullable Double lastedSeconds() {
        return since(over);
    }

    synchronized @Nullable Double takenSeconds() {
        return since(recovery.taken());
    }

    synchronized @Nullable Double firstSeconds() {
        return since(recovery.first());
    }

    synchronized @Nullable Double allSeconds() {
        return since(recovery.all());
    }

    private @Nullable Double since(@Nullable Instant moment) {
        return moment == null ? null : Duration.between(at, moment).toMillis() / 1000.0;
    }

    /**
     * Whether the other incident overlaps the recovery of this one, up to the promised time; later
     * incidents are no excuse.
     */
    synchronized boolean disturbedBy(Incident other) {
        Instant end = at.plus(PROMISED);
        Instant first = recovery.first();
        if (first != null && first.isBefore(end)) {
            end = first;
        }
        return other != this && other.at.isAfter(at) && other.at.isBefore(end);
    }
}
