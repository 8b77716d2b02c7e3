package io.mailgenius.engine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoundMonitorTest {

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> stuck = new CopyOnWriteArrayList<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RoundMonitor monitor = new RoundMonitor(nanos::get, stuck::add, meters);

    private RoundMonitor.Round watch() {
        return monitor.watch("sweeper", Duration.ofSeconds(10), restarts::incrementAndGet);
    }

    private void after(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
        monitor.check();
    }

    @Test
    void a_loop_that_completes_rounds_is_not_restarted() {
        RoundMonitor.Round round = watch();
        for (int n = 0; n < 20; n++) {
            after(9);
            round.completed();
        }
        assertThat(restarts).hasValue(0);
        assertThat(monitor.late()).isEmpty();
        assertThat(stuck).isEmpty();
    }

    @Test
    void a_stuck_loop_is_restarted_then_reported_then_ends_the_node() {
        watch();
        after(11);
        await().untilAtomic(restarts, org.hamcrest.Matchers.is(1));
        assertThat(monitor.late()).isEmpty();
        after(10);
        assertThat(monitor.late()).containsExactly("sweeper");
        assertThat(stuck).isEmpty();
        after(20);
        assertThat(stuck).containsExactly("sweeper");
        assertThat(restarts).as("restarted once").hasValue(1);
    }

    @Test
    void a_loop_that_recovered_is_restarted_the_next_time_too() {
        RoundMonitor.Round round = watch();
        after(11);
        await().untilAtomic(restarts, org.hamcrest.Matchers.is(1));
        round.completed();
        after(1);
        after(11);
        await().untilAtomic(restarts, org.hamcrest.Matchers.is(2));
    }

    @Test
    void a_loop_whose_restart_registers_it_again_keeps_its_age() {
        watch();
        after(11);
        await().untilAtomic(restarts, org.hamcrest.Matchers.is(1));
        watch();
        after(10);
        assertThat(monitor.late()).containsExactly("sweeper");
        after(20);
        assertThat(stuck).containsExactly("sweeper");
        assertThat(restarts).as("restarted once").hasValue(1);
    }

    @Test
    void a_loop_that_ended_is_not_watched() {
        watch();
        monitor.unwatch("sweeper");
        after(100);
        assertThat(restarts).hasValue(0);
        assertThat(monitor.late()).isEmpty();
    }

    @Test
    void its_age_is_a_metric() {
        watch();
        after(7);
        assertThat(meters.get("mailgenius.loop.round.age").tag("loop", "sweeper").gauge().value())
                .isEqualTo(7);
    }
}
