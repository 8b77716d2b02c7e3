package io.mailgenius.engine.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Watches the loops of this node, each of which reports its completed rounds. A loop that exceeds
 * its limit is restarted; at twice the limit the node is no longer ready; at four times the limit
 * the node exits, so that its supervisor can start another one.
 */
public final class RoundMonitor implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RoundMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int LIMITS_UNTIL_NOT_READY = 2;
    private static final int LIMITS_UNTIL_EXIT = 4;

    private final LongSupplier nanos;
    private final Consumer<String> stuck;
    private final @Nullable MeterRegistry meters;
    private final Map<String, Round> rounds = new ConcurrentHashMap<>();
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * @param nanos a monotonic clock such as {@link System#nanoTime}
     * @param stuck ends the node; receives the name of the loop that makes no progress
     * @param meters the registry for the age of each loop's last round, in seconds; null for none
     */
    public RoundMonitor(
            LongSupplier nanos, Consumer<String> stuck, @Nullable MeterRegistry meters) {
        this.nanos = nanos;
        this.stuck = stuck;
        this.meters = meters;
    }

    /** A watched loop. */
    public final class Round {

        private final String name;
        private final Duration limit;
        private final Runnable restart;
        private volatile long completed = nanos.getAsLong();
        private volatile boolean restarted;

        private Round(String name, Duration limit, Runnable restart) {
            this.name = name;
            this.limit = limit;
            this.restart = restart;
        }

        public void completed() {
            completed = nanos.getAsLong();
        }

        private Duration age() {
            return Duration.ofNanos(nanos.getAsLong() - completed);
        }

        private boolean isOlderThan(int limits) {
            return age().compareTo(limit.multipliedBy(limits)) > 0;
        }
    }

    /**
     * Starts to watch a loop. One that is watched already keeps its age until it completes a round,
     * because it was restarted and may hang again.
     *
     * @param limit how long a round may take, its pause included
     * @param restart starts the loop again; may be called while the old one still hangs
     */
    public Round watch(String name, Duration limit, Runnable restart) {
        Round round = new Round(name, limit, restart);
        Round before = rounds.put(name, round);
        if (before != null) {
            round.completed = before.completed;
            round.restarted = before.restarted;
        } else if (meters != null) {
            Gauge.builder(
                            "mailgenius.loop.round.age",
                            () -> {
                                Round current = rounds.get(name);
                                return current == null ? 0 : current.age().toMillis() / 1_000.0;
                            })
                    .description("Seconds since the loop last completed a round")
                    .tag("loop", name)
                    .register(meters);
        }
        return round;
    }

    /** Stops watching a loop that has ended regularly. */
    public void unwatch(String name) {
        rounds.remove(name);
    }

    /** The names of the loops because of which the node is not ready. */
    public List<String> late() {
        return rounds.values().stream()
                .filter(round -> round.isOlderThan(LIMITS_UNTIL_NOT_READY))
                .map(round -> round.name)
                .sorted()
                .toList();
    }

    /** Checks every loop once. */
    void check() {
        check(rounds.values());
    }

    private void check(Collection<Round> all) {
        for (Round round : all) {
            if (round.isOlderThan(LIMITS_UNTIL_EXIT)) {
                LOG.error(
                        "{} has completed no round for {} s, and restarting it did not help: this"
                                + " node exits",
                        round.name,
                        round.age().toSeconds());
                stuck.accept(round.name);
            } else if (!round.isOlderThan(1)) {
                round.restarted = false;
            } else if (!round.restarted) {
                round.restarted = true;
                LOG.warn(
                        "{} has completed no round for {} s and is restarted",
                        round.name,
                        round.age().toSeconds());
                restart(round);
            }
        }
    }

    private static void restart(Round round) {
        Thread.ofPlatform()
                .name("restart-" + round.name)
                .daemon()
                .start(
                        () -> {
                            try {
                                round.restart.run();
                            } catch (RuntimeException e) {
                                LOG.warn("{} could not be restarted", round.name, e);
                            }
                        });
    }

    @Override
    public void start() {
        ScheduledExecutorService watching =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("round-monitor").daemon().factory());
        watching.scheduleWithFixedDelay(
                this::check, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        timer = watching;
    }

    @Override
    public void stop() {
        ScheduledExecutorService watching = timer;
        if (watching != null) {
            watching.shutdownNow();
            timer = null;
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    /** Starts before the first loop, and stops after the manager, which is the first to stop. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 40;
    }
}
