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
 * Measures the offset of PostgreSQL's clock from the clock of this machine. All nodes use the same
 * server, so by its clock they agree on when a lease ends, which nodes are dead and when a campaign
 * is due.
 *
 * <p>Small differences are ignored, so that the time of a node with a correct clock does not jump.
 */
public final class ClockOffset {

    private static final Logger LOG = LoggerFactory.getLogger(ClockOffset.class);

    private static final Duration TOLERATED = Duration.ofMillis(500);

    /**
     * The uncertainty of a measurement is half of its round-trip time, so slower ones are
     * discarded.
     */
    private static final Duration MAX_ROUND_TRIP = Duration.ofSeconds(1);

    private final Clock machine;
    private final JdbcClient jdbc;
    private volatile Duration offset = Duration.ZERO;

    /**
     * @param machine the clock to correct
     */
    public ClockOffset(Clock machine, JdbcClient jdbc) {
        this.machine = machine;
        this.jdbc = jdbc;
    }

    /** Measures the offset. */
    public void measure() {
        long asked = System.nanoTime();
        Instant before = machine.instant();
        Instant there =
                jdbc.sql("SELECT clock_timestamp()")
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant();
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        if (took.compareTo(MAX_ROUND_TRIP) < 0) {
            measured(Duration.between(before.plus(took.dividedBy(2)), there));
        }
    }

    private void measured(Duration found) {
        if (found.minus(offset).abs().compareTo(TOLERATED) > 0) {
            LOG.warn(
                    "The clock of this machine is {} s {} that of PostgreSQL; this node uses the time of PostgreSQL",
                    found.abs().toMillis() / 1_000.0,
                    found.isNegative() ? "ahead of" : "behind");
            offset = found;
        }
    }

    /** The time by PostgreSQL's clock. */
    public Instant instant() {
        return machine.instant().plus(offset);
    }

    /** The same time as a {@link Clock} in UTC. */
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
