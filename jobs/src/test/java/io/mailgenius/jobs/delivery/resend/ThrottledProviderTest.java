package io.mailgenius.jobs.delivery.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.mailgenius.jobs.delivery.Batch;
import io.mailgenius.jobs.delivery.Outcome;
import io.mailgenius.jobs.delivery.Provider;
import io.mailgenius.jobs.delivery.ProviderContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottledProviderTest {

    private static final Batch BATCH = new Batch("k", ProviderContract.mails(1));
    private static final Outcome SENT = new Outcome.Accepted(List.of("a"));

    private final TestClock clock = new TestClock();
    private final List<Long> sentAt = new ArrayList<>();
    private final Provider provider =
            new Provider() {
                @Override
                public Outcome send(Batch batch) {
                    sentAt.add(clock.nanos);
                    return SENT;
                }

                @Override
                public Duration keyLife() {
                    return Duration.ofHours(24);
                }
            };

    private ThrottledProvider throttled(Rate rate, Duration patience) {
        return new ThrottledProvider(provider, rate, patience, clock::advance);
    }

    @Test
    void no_second_sees_more_than_the_rate_wherever_it_begins() {
        Rate rate = new LocalShare(5, () -> 1, clock);
        ThrottledProvider throttled = throttled(rate, Duration.ofSeconds(2));

        for (int i = 0; i < 40; i++) {
            assertThat(throttled.send(BATCH)).isEqualTo(SENT);
            clock.advance(Duration.ofMillis(i * 37 % 500));
        }

        for (int i = 5; i < sentAt.size(); i++) {
            assertThat(sentAt.get(i) - sentAt.get(i - 5)).isGreaterThanOrEqualTo(1_000_000_000L);
        }
    }

    @Test
    void the_rate_is_used_up_to_its_margin() {
        ThrottledProvider throttled =
                throttled(new LocalShare(50, () -> 1, clock), Duration.ofSeconds(2));

        for (int i = 0; i <= 500; i++) {
            throttled.send(BATCH);
        }

        assertThat(Duration.ofNanos(sentAt.getLast() - sentAt.getFirst()))
                .isLessThan(Duration.ofMillis(10_300));
    }

    @Test
    void a_turn_that_is_far_puts_the_batch_off_and_is_not_taken() {
        Rate rate = new LocalShare(1, () -> 10, clock);
        ThrottledProvider throttled = throttled(rate, Duration.ofSeconds(2));
        while (throttled.send(BATCH) == SENT) {
            assertThat(sentAt.size()).isLessThan(3);
        }
        int sent = sentAt.size();

        assertThat(throttled.send(BATCH))
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        it -> {
                            assertThat(it.pause()).isGreaterThan(Duration.ofSeconds(2));
                            clock.advance(it.pause());
                        });
        assertThat(sentAt).hasSize(sent);
        assertThat(throttled.send(BATCH)).isEqualTo(SENT);
    }

    @Test
    void a_hold_is_obeyed_and_waited_for_if_it_is_short() {
        Rate rate = new LocalShare(5, () -> 1, clock);
        rate.hold(Duration.ofSeconds(1));
        long start = clock.nanos;

        assertThat(throttled(rate, Duration.ofSeconds(2)).send(BATCH)).isEqualTo(SENT);
        assertThat(sentAt.getFirst() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Test
    void a_hold_that_is_long_puts_batches_off_until_it_is_over() {
        Rate rate = new LocalShare(5, () -> 1, clock);
        rate.hold(Duration.ofSeconds(30));
        rate.hold(Duration.ofSeconds(1));

        assertThat(throttled(rate, Duration.ofSeconds(2)).send(BATCH))
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        it -> assertThat(it.pause()).isEqualTo(Duration.ofSeconds(30)));
    }

    @Test
    void a_node_that_leaves_while_it_waits_has_sent_nothing() {
        Rate rate = Rate.UNLIMITED;
        ThrottledProvider throttled =
                new ThrottledProvider(
                        provider,
                        rate,
                        Duration.ofSeconds(2),
                        _ -> {
                            throw new InterruptedException();
                        });

        assertThat(throttled.send(BATCH)).isInstanceOf(Outcome.Deferred.class);
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
