package io.mailgenius.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DoorbellTest {

    private static final long JOB = 7;
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Doorbell doorbell = new Doorbell();

    @Test
    void who_waits_for_some_chunks_hears_the_last_of_them() throws InterruptedException {
        long heard = doorbell.heard(JOB);
        doorbell.ring(JOB);
        Thread others = Thread.ofVirtual().start(() -> doorbell.ring(JOB));
        doorbell.await(JOB, heard, 2, LONG);
        others.join();
        assertThat(doorbell.heard(JOB)).isEqualTo(heard + 2);
    }

    @Test
    void fewer_wake_nobody_before_the_time_is_up() throws InterruptedException {
        long heard = doorbell.heard(JOB);
        doorbell.ring(JOB);
        doorbell.ring(JOB + 1);
        assertThat(waited(heard, 2)).isGreaterThanOrEqualTo(SHORT);
    }

    @Test
    void what_rang_before_somebody_looked_does_not_count() throws InterruptedException {
        doorbell.ring(JOB);
        assertThat(waited(doorbell.heard(JOB), 1)).isGreaterThanOrEqualTo(SHORT);
    }

    /** All managers hear of all jobs: what nobody asks about must not be kept. */
    @Test
    void what_rings_for_a_job_that_nobody_asked_about_or_asks_about_any_more_is_not_counted() {
        doorbell.ring(JOB);
        assertThat(doorbell.heard(JOB)).isZero();
        doorbell.ring(JOB);
        assertThat(doorbell.heard(JOB)).isEqualTo(1);
        doorbell.forget(JOB);
        doorbell.ring(JOB);
        assertThat(doorbell.heard(JOB)).isZero();
    }

    private Duration waited(long heard, int rings) throws InterruptedException {
        long begin = System.nanoTime();
        doorbell.await(JOB, heard, rings, SHORT);
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
