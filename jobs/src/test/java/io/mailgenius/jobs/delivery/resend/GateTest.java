package io.mailgenius.jobs.delivery.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {

    private final TestClock clock = new TestClock();
    private final List<Long> sentAt = new ArrayList<>();

    private Gate gate(Rate rate) {
        return new Gate(rate, Duration.ofSeconds(2), clock::advance);
    }

    /** Null if it got through, or how long it has to wait. */
    private @Nullable Duration send(Gate gate) {
        try {
            gate.turn();
            gate.leave();
            sentAt.add(clock.nanos);
            return null;
        } catch (Gate.NotYet e) {
            return e.pause();
        }
    }

    @Test
    void no_second_sees_more_than_the_rate_wherever_it_begins() {
        Gate gate = gate(new LocalShare(5, () -> 1, clock));

        for (int i = 0; i < 40; i++) {
            assertThat(send(gate)).isNull();
            clock.advance(Duration.ofMillis(i * 37 % 500));
        }

        for (int i = 5; i < sentAt.size(); i++) {
            assertThat(sentAt.get(i) - sentAt.get(i - 5)).isGreaterThanOrEqualTo(1_000_000_000L);
        }
    }

    @Test
    void the_rate_is_used_up_to_its_margin() {
        Gate gate = gate(new LocalShare(50, () -> 1, clock));

        for (int i = 0; i <= 500; i++) {
            send(gate);
        }

        assertThat(Duration.ofNanos(sentAt.getLast() - sentAt.getFirst()))
                .isLessThan(Duration.ofMillis(10_300));
    }

    @Test
    void a_turn_that_is_far_is_told_and_not_taken() {
        Gate gate = gate(new LocalShare(1, () -> 10, clock));
        Duration pause = send(gate);
        while (pause == null) {
            assertThat(sentAt.size()).isLessThan(3);
            pause = send(gate);
        }
        int sent = sentAt.size();

        assertThat(pause).isGreaterThan(Duration.ofSeconds(2));
        clock.advance(pause);

        assertThat(sentAt).hasSize(sent);
        assertThat(send(gate)).isNull();
    }

    @Test
    void a_hold_is_obeyed_and_waited_for_if_it_is_short() {
        Rate rate = new LocalShare(5, () -> 1, clock);
        rate.hold(Duration.ofSeconds(1));
        long start = clock.nanos;

        assertThat(send(gate(rate))).isNull();
        assertThat(sentAt.getFirst() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Test
    void a_hold_that_is_long_is_told_until_it_is_over() {
        Rate rate = new LocalShare(5, () -> 1, clock);
        rate.hold(Duration.ofSeconds(30));
        rate.hold(Duration.ofSeconds(1));

        assertThat(send(gate(rate))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whoever_would_come_too_close_waits_and_asks_again() {
        Deque<Rate.Leave> told =
                new ArrayDeque<>(
                        List.of(
                                new Rate.Leave.Soon(Duration.ofMillis(30)),
                                new Rate.Leave.Soon(Duration.ofMillis(4)),
                                Rate.Leave.UNCOUNTED));
        long start = clock.nanos;

        assertThat(send(gate(asked(told)))).isNull();
        assertThat(sentAt.getFirst() - start).isEqualTo(34_000_000L);
        assertThat(told).isEmpty();
    }

    private static Rate asked(Deque<Rate.Leave> told) {
        return new Rate() {
            @Override
            public Turn next(Duration patience) {
                return new Turn.Yours(Duration.ZERO);
            }

            @Override
            public Leave leave() {
                return told.remove();
            }

            @Override
            public void hold(Duration pause) {}
        };
    }

    @Test
    void a_node_that_leaves_while_it_waits_has_sent_nothing() {
        Gate gate =
                new Gate(
                        Rate.UNLIMITED,
                        Duration.ofSeconds(2),
                        _ -> {
                            throw new InterruptedException();
                        });

        assertThat(send(gate)).isZero();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sentAt).isEmpty();
    }

    /** Stands still until somebody waits. */
    static final class TestClock implements TimeMeter {
        long nanos = 1_700_000_000_000_000_000L;

        void advance(Duration over) {
            nanos += over.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
