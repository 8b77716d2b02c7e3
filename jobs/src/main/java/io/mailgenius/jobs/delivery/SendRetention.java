package io.mailgenius.jobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Creates partitions of table send before campaigns need them, and drops those whose campaigns
 * ended long ago. Each is dropped in its own transaction: a crash leaves the others for the next
 * time, and two nodes do not conflict.
 */
final class SendRetention {

    private static final Logger LOG = LoggerFactory.getLogger(SendRetention.class);

    static final Duration PAUSE = Duration.ofHours(1);

    private static final int THOUSANDS_AHEAD = 3;

    private final JdbcClient jdbc;
    private final @Nullable Duration keep;
    private final Clock clock;

    /**
     * @param keep null to keep all
     */
    SendRetention(JdbcClient jdbc, @Nullable Duration keep, Clock clock) {
        this.jdbc = jdbc;
        this.keep = keep;
        this.clock = clock;
    }

    /** A second call changes nothing. */
    void run() {
        jdbc.sql("SELECT ensure_send_partitions(:ahead)")
                .param("ahead", THOUSANDS_AHEAD)
                .query(Integer.class)
                .single();
        if (keep == null) {
            return;
        }
        Instant before = clock.instant().minus(keep);
        for (Long first = forget(before); first != null; first = forget(before)) {
            LOG.info(
                    "Forgot who got the mails of campaigns {} to {}: all ended before {}",
                    first,
                    first + 999,
                    before);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    private @Nullable Long forget(Instant before) {
        return jdbc.sql("SELECT forget_sends(:before::timestamptz)")
                .param("before", before.toString())
                .query((row, n) -> new Forgotten(row.getObject(1, Long.class)))
                .single()
                .first();
    }

    private record Forgotten(@Nullable Long first) {}
}
