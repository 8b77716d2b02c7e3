package io.mailgenius.bench.chaos;

import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.verify.LedgerObserver;
import io.mailgenius.bench.verify.LedgerSnapshot;
import io.mailgenius.bench.verify.LedgerSnapshot.JobSeen;
import io.mailgenius.schema.ChunkState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Polls the ledger several times a second: it follows the recovery from each incident, adjusts the
 * provider's pace to the requested duration, and detects a lack of progress.
 */
final class Watch implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration STUCK = Duration.ofMinutes(3);
    private static final Duration TELL = Duration.ofSeconds(10);

    /** Mails must be left as long as faults are planned. */
    private static final Duration PER_FAULT = Duration.ofSeconds(20);

    /** With three workers that wait in turn, well within a client's timeout. */
    private static final Duration SLOWEST = Duration.ofSeconds(3);

    private final LedgerObserver ledgerObserver;
    private final FailingProvider provider;
    private final List<Long> campaigns;
    private final Order order;
    private final List<Incident> incidents = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("watch").unstarted(this::watch);
    private volatile @Nullable LedgerSnapshot last;
    private volatile @Nullable Instant begun;
    private volatile int faultsToCome;
    private volatile boolean stuck;
    private Instant moved = Instant.now();
    private Instant told = Instant.now();

    Watch(
            LedgerObserver ledgerObserver,
            FailingProvider provider,
            List<Long> campaigns,
            Order order,
            int faults) {
        this.ledgerObserver = ledgerObserver;
        this.provider = provider;
        this.campaigns = List.copyOf(campaigns);
        this.order = order;
        this.faultsToCome = faults;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ledgerObserver.look(campaigns).ifPresent(this::seen);
                pace();
                tell();
                Thread.sleep(GLANCE);
            }
        } catch (InterruptedException closed) {
            // This is how the loop ends.
        }
    }

    private void seen(LedgerSnapshot ledgerSnapshot) {
        Instant now = Instant.now();
        LedgerSnapshot before = last;
        if (before == null
                || ledgerSnapshot.epochs() != before.epochs()
                || ledgerSnapshot.count(ChunkState.DONE) != before.count(ChunkState.DONE)) {
            moved = now;
        }
        stuck = moved.plus(STUCK).isBefore(now);
        if (begun == null && ledgerSnapshot.count(ChunkState.CLAIMED) > 0) {
            begun = now;
        }
        incidents.forEach(incident -> incident.look(ledgerSnapshot, now));
        last = ledgerSnapshot;
    }

    private void pace() {
        Instant since = begun;
        Duration left =
                since == null
                        ? order.over()
                        : Duration.between(Instant.now(), since.plus(order.over()));
        long batches = Math.max(1, (order.mails() - provider.accepted()) / 100);
        Duration inTime = left.isPositive() ? left.dividedBy(batches) : Duration.ZERO;
        Duration forFaults = PER_FAULT.multipliedBy(faultsToCome).dividedBy(batches);
        boolean through = provider.accepted() >= order.mails();
        provider.pace(through ? Duration.ZERO : longer(inTime, shorter(forFaults, SLOWEST)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void tell() {
        LedgerSnapshot ledgerSnapshot = last;
        Instant since = begun;
        if (ledgerSnapshot == null || since == null || told.plus(TELL).isAfter(Instant.now())) {
            return;
        }
        told = Instant.now();
        System.err.printf(
                Locale.ROOT,
                "%4d s  %,9d mails accepted, %d of %d chunks done, %d jobs live, epochs %d, %d faults to come%n",
                Duration.between(since, told).toSeconds(),
                provider.accepted(),
                ledgerSnapshot.count(ChunkState.DONE),
                ledgerSnapshot.chunks().size(),
                ledgerSnapshot.jobs().stream().filter(JobSeen::alive).count(),
                ledgerSnapshot.epochs(),
                faultsToCome);
    }

    /** Empty until the first chunk was claimed. */
    Optional<Instant> begun() {
        return Optional.ofNullable(begun);
    }

    /** The current ledger; waits while the database is unavailable. */
    LedgerSnapshot now() throws InterruptedException {
        Optional<LedgerSnapshot> sight = ledgerObserver.look(campaigns);
        while (sight.isEmpty()) {
            Thread.sleep(GLANCE);
            sight = ledgerObserver.look(campaigns);
        }
        return sight.get();
    }

    void add(Incident incident) {
        incidents.add(incident);
    }

    void faultsToCome(int number) {
        faultsToCome = number;
    }

    List<Incident> incidents() {
        return incidents;
    }

    /** Whether the job has ended, or has made no progress for minutes. */
    boolean ended() {
        LedgerSnapshot ledgerSnapshot = last;
        return stuck || (ledgerSnapshot != null && !ledgerSnapshot.alive());
    }

    boolean stuck() {
        return stuck;
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
