package io.mailgenius.engine.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How far PostgreSQL's clock is ahead of this machine's. All nodes of an installation ask the same
 * server, so by its clock they agree on when a lease ends, who is silent, and when a campaign is
 * due, whatever their own clocks say.
 *
 * <p>Small differences are left alone: time of a node whose clock is kept right does not jump.
 */
public final class ClockOffset {

    private static final Logger LOG = LoggerFactory.getLogger(ClockOffset.class);

    private static final Duration TOLERATED = Duration.ofMillis(500);

    /** The moment that an answer tells is known to half of the time that it took. */
    private static final Duration SLOWEST_ANSWER = Duration.ofSeconds(1);

    private final Clock machine;
    private final JdbcClient jdbc;
    private volatile Duration offset = Duration.ZERO;

    /**
     * @param machine the clock that may be wrong
     */
    public ClockOffset(Clock machine, JdbcClient jdbc) {
        this.machine = machine;
        this.jdbc = jdbc;
    }

    /** Asks PostgreSQL for the time. */
    public void measure() {
        long asked = System.nanoTime();
        Instant before = machine.instant();
        Instant there =
                jdbc.sql("SELECT clock_timestamp()")
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant();
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        if (took.compareTo(SLOWEST_ANSWER) < 0) {
            measured(Duration.between(before.plus(took.dividedBy(2)), there));
        }
    }

    private void measured(Duration found) {
        if (found.minus(offset).abs().compareTo(TOLERATED) > 0) {
            LOG.warn(
                    "The clock of this machine is {} s {} PostgreSQL's, which this node goes by",
                    found.abs().toMillis() / 1_000.0,
                    found.isNegative() ? "ahead of" : "behind");
            offset = found;
        }
    }

    /** The time by PostgreSQL's clock. */
    public Instant instant() {
        return machine.instant().plus(offset);
    }

    /** The same as a clock that shows UTC. */
    public Clock clock() {
        return new Corrected(machine.getZone());
    }

    private final class Corrected extends Clock {

        private final ZoneId zone;

        Corrected(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public Instant instant() {
            return ClockOffset.this.instant();
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new Corrected(other);
        }
    }
}
