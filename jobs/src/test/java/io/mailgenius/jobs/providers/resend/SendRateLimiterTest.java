package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendRateLimiterTest {

    private final TestClock clock = new TestClock();
    private final List<Long> sentAt = new ArrayList<>();

    private SendRateLimiter gate(RequestRate rate) {
        return new SendRateLimiter(rate, Duration.ofSeconds(2), clock::advance);
    }

    /** Null if it got through, or how long it has to wait. */
    private @Nullable Duration send(SendRateLimiter sendRateLimiter) {
        try {
            sendRateLimiter.turn();
            sendRateLimiter.leave();
            sentAt.add(clock.nanos);
            return null;
        } catch (SendRateLimiter.NotYet e) {
            return e.pause();
        }
    }

    @Test
    void no_second_sees_more_than_the_rate_wherever_it_begins() {
        SendRateLimiter sendRateLimiter = gate(new LocalRequestRate(5, () -> 1, clock));

        for (int i = 0; i < 40; i++) {
            assertThat(send(sendRateLimiter)).isNull();
            clock.advance(Duration.ofMillis(i * 37 % 500));
        }

        for (int i = 5; i < sentAt.size(); i++) {
            assertThat(sentAt.get(i) - sentAt.get(i - 5)).isGreaterThanOrEqualTo(1_000_000_000L);
        }
    }

    @Test
    void the_rate_is_used_up_to_its_margin() {
        SendRateLimiter sendRateLimiter = gate(new LocalRequestRate(50, () -> 1, clock));

        for (int i = 0; i <= 500; i++) {
            send(sendRateLimiter);
        }

        assertThat(Duration.ofNanos(sentAt.getLast() - sentAt.getFirst()))
                .isLessThan(Duration.ofMillis(10_300));
    }

    @Test
    void a_turn_that_is_far_is_told_and_not_taken() {
        SendRateLimiter sendRateLimiter = gate(new LocalRequestRate(1, () -> 10, clock));
        Duration pause = send(sendRateLimiter);
        while (pause == null) {
            assertThat(sentAt.size()).isLessThan(3);
            pause = send(sendRateLimiter);
        }
        int sent = sentAt.size();

        assertThat(pause).isGreaterThan(Duration.ofSeconds(2));
        clock.advance(pause);

        assertThat(sentAt).hasSize(sent);
        assertThat(send(sendRateLimiter)).isNull();
    }

    @Test
    void a_hold_is_obeyed_and_waited_for_if_it_is_short() {
        RequestRate rate = new LocalRequestRate(5, () -> 1, clock);
        rate.hold(Duration.ofSeconds(1));
        long start = clock.nanos;

        assertThat(send(gate(rate))).isNull();
        assertThat(sentAt.getFirst() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Test
    void a_hold_that_is_long_is_told_until_it_is_over() {
        RequestRate rate = new LocalRequestRate(5, () -> 1, clock);
        rate.hold(Duration.ofSeconds(30));
        rate.hold(Duration.ofSeconds(1));

        assertThat(send(gate(rate))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whoever_would_come_too_close_waits_and_asks_again() {
        Deque<RequestRate.Leave> told =
                new ArrayDeque<>(
                        List.of(
                                new RequestRate.Leave.Soon(Duration.ofMillis(30)),
                                new RequestRate.Leave.Soon(Duration.ofMillis(4)),
                                RequestRate.Leave.UNCOUNTED));
        long start = clock.nanos;

        assertThat(send(gate(asked(told)))).isNull();
        assertThat(sentAt.getFirst() - start).isEqualTo(34_000_000L);
        assertThat(told).isEmpty();
    }

    private static RequestRate asked(Deque<RequestRate.Leave> told) {
        return new RequestRate() {
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
        SendRateLimiter sendRateLimiter =
                new SendRateLimiter(
                        RequestRate.UNLIMITED,
                        Duration.ofSeconds(2),
                        _ -> {
                            throw new InterruptedException();
                        });

        assertThat(send(sendRateLimiter)).isZero();
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
