package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.StepMinute;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Adds up what this worker does of each step, and writes the sums every few seconds in one
 * statement. A crash loses the sums of these seconds, which only statistics have.
 */
final class StepMeter {

    private static final Logger LOG = LoggerFactory.getLogger(StepMeter.class);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private record Key(long workspaceId, String step) {}

    private static final class Sums {
        final LongAdder chunks = new LongAdder();
        final LongAdder items = new LongAdder();
        final LongAdder failures = new LongAdder();
        final LongAdder busyNanos = new LongAdder();
    }

    private final Ledger ledger;
    private final Clock clock;
    private final Map<Key, Sums> sums = new ConcurrentHashMap<>();
    private List<StepMinute> unwritten = List.of();
    private long writtenAt = System.nanoTime();

    StepMeter(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    private Sums of(Claim claim) {
        return sums.computeIfAbsent(
                new Key(claim.workspaceId(), claim.key().step()), _ -> new Sums());
    }

    void done(Claim claim) {
        Sums mine = of(claim);
        mine.chunks.increment();
        mine.items.add(claim.items());
    }

    void failed(Claim claim) {
        of(claim).failures.increment();
    }

    void worked(Claim claim, Duration took) {
        of(claim).busyNanos.add(took.toNanos());
    }

    /** Called by one thread. */
    void writeIfDue() {
        if (System.nanoTime() - writtenAt < PAUSE.toNanos()) {
            return;
        }
        writtenAt = System.nanoTime();
        if (unwritten.isEmpty()) {
            unwritten = drain(clock.instant().truncatedTo(ChronoUnit.MINUTES));
        }
        if (unwritten.isEmpty()) {
            return;
        }
        try {
            ledger.add(unwritten);
            unwritten = List.of();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("The load of steps was not written and is kept", e);
        }
    }

    private List<StepMinute> drain(Instant minute) {
        List<StepMinute> drained = new ArrayList<>();
        sums.forEach(
                (key, sum) -> {
                    StepMinute done =
                            new StepMinute(
                                    key.workspaceId(),
                                    key.step(),
                                    minute,
                                    sum.chunks.sumThenReset(),
                                    sum.items.sumThenReset(),
                                    sum.failures.sumThenReset(),
                                    sum.busyNanos.sumThenReset() / 1_000_000);
                    if (done.isEmpty()) {
                        // Sums that another thread adds to at this moment are lost at worst.
                        sums.remove(key, sum);
                    } else {
                        drained.add(done);
                    }
                });
        return drained;
    }
}
