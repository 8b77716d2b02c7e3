package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendRateLimiterTest {

    private final ManualClock clock = new ManualClock();
    private final List<Long> sentAt = new ArrayList<>();

    private SendRateLimiter limiter(RequestLog log) {
        return new SendRateLimiter(log, Duration.ofSeconds(2), clock::advance);
    }

    /** What the account allows, with this node alone. */
    private RequestLog log(int perSecond) {
        RateLimit limit = RateLimit.ofAccount(perSecond);
        return new LocalRequestLog(() -> limit, clock::nanos);
    }

    /** Null if it got through, or how long it has to wait. */
    private @Nullable Duration send(SendRateLimiter sendRateLimiter) {
        try {
            sendRateLimiter.acquire();
            Runnable written = sendRateLimiter.depart();
            sentAt.add(clock.nanos());
            written.run();
            return null;
        } catch (SendRateLimiter.NotYet e) {
            return e.pause();
        }
    }

    @Test
    void no_second_sees_more_than_the_rate_wherever_it_begins() {
        SendRateLimiter sendRateLimiter = limiter(log(5));

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
        SendRateLimiter sendRateLimiter = limiter(log(50));

        for (int i = 0; i <= 500; i++) {
            send(sendRateLimiter);
        }

        assertThat(Duration.ofNanos(sentAt.getLast() - sentAt.getFirst()))
                .isLessThan(Duration.ofMillis(10_300));
    }

    @Test
    void a_turn_that_is_far_is_told_and_not_taken() {
        RateLimit share = RateLimit.ofNode(1, 10);
        SendRateLimiter sendRateLimiter = limiter(new LocalRequestLog(() -> share, clock::nanos));
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
        RequestLog log = log(5);
        log.hold(Duration.ofSeconds(1));
        long start = clock.nanos();

        assertThat(send(limiter(log))).isNull();
        assertThat(sentAt.getFirst() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Test
    void a_hold_that_is_long_is_told_until_it_is_over() {
        RequestLog log = log(5);
        log.hold(Duration.ofSeconds(30));
        log.hold(Duration.ofSeconds(1));

        assertThat(send(limiter(log))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whoever_would_come_too_close_waits_and_asks_again() {
        Deque<RequestLog.Departure> told =
                new ArrayDeque<>(
                        List.of(
                                new RequestLog.Departure.Later(Duration.ofMillis(30)),
                                new RequestLog.Departure.Later(Duration.ofMillis(4)),
                                new RequestLog.Departure.Now(() -> {})));
        long start = clock.nanos();

        assertThat(send(limiter(asked(told)))).isNull();
        assertThat(sentAt.getFirst() - start).isEqualTo(34_000_000L);
        assertThat(told).isEmpty();
    }

    private static RequestLog asked(Deque<RequestLog.Departure> told) {
        return new RequestLog() {
            @Override
            public Slot reserve(Duration patience) {
                return new Slot.Reserved(Duration.ZERO);
            }

            @Override
            public void release() {}

            @Override
            public Departure depart() {
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
                        RequestLog.UNLIMITED,
                        Duration.ofSeconds(2),
                        _ -> {
                            throw new InterruptedException();
                        });

        assertThat(send(sendRateLimiter)).isZero();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sentAt).isEmpty();
    }
}
