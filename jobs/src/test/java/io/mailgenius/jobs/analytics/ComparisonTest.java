package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.events.EventType;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Instant MONDAY = Instant.parse("2026-03-02T09:00:00Z");
    private static final Instant FRIDAY = Instant.parse("2026-03-06T17:00:00Z");

    private final Series.Sums monday = new Series.Sums(Bucket.HOUR, ZoneOffset.UTC);
    private final Series.Sums friday = new Series.Sums(Bucket.HOUR, ZoneOffset.UTC);

    @Test
    void hours_are_counted_from_the_first_mail_of_each() {
        happened(monday, MONDAY, 0, EventType.DELIVERED, 100);
        happened(monday, MONDAY, 3, EventType.OPENED, 20);
        happened(monday, MONDAY, 5, EventType.OPENED, 10);
        happened(friday, FRIDAY, 0, EventType.SENT, 50);
        happened(friday, FRIDAY, 1, EventType.DELIVERED, 50);
        happened(friday, FRIDAY, 3, EventType.OPENED, 25);
        Comparison comparison = compared(FRIDAY.plus(10, ChronoUnit.DAYS));

        Comparison.Compared first = comparison.campaigns().getFirst();
        Comparison.Compared second = comparison.campaigns().getLast();
        assertThat(first.firstMail()).isEqualTo(MONDAY);
        assertThat(second.firstMail()).isEqualTo(FRIDAY);
        assertThat(first.hours()).hasSize(48);
        assertThat(first.hours().get(4).figures().opened()).isZero();
        assertThat(first.hours().get(4).soFar().opened()).isEqualTo(20);
        assertThat(first.hours().get(4).ratesSoFar().open()).isEqualTo(0.2);
        assertThat(second.hours().get(4).ratesSoFar().open()).isEqualTo(0.5);
        assertThat(first.hours().getLast().soFar()).isEqualTo(first.total());
    }

    @Test
    void differences_may_be_negative() {
        happened(monday, MONDAY, 0, EventType.DELIVERED, 100);
        happened(monday, MONDAY, 1, EventType.CLICKED, 10);
        happened(friday, FRIDAY, 0, EventType.DELIVERED, 40);
        happened(friday, FRIDAY, 1, EventType.OPENED, 10);
        Comparison comparison = compared(FRIDAY);

        Comparison.Difference none = comparison.campaigns().getFirst().difference();
        assertThat(none.total().delivered()).isZero();
        assertThat(none.rates()).isEqualTo(new Rates(0, 0, 0, 0, 0, 0, 0));
        Comparison.Difference less = comparison.campaigns().getLast().difference();
        assertThat(less.total().delivered()).isEqualTo(-60);
        assertThat(less.total().clicked()).isEqualTo(-10);
        assertThat(less.total().opened()).isEqualTo(10);
        assertThat(less.rates().click()).isEqualTo(-0.1);
        assertThat(less.rates().open()).isEqualTo(0.25);
    }

    @Test
    void hours_that_have_not_begun_are_left_out() {
        happened(monday, MONDAY, 0, EventType.DELIVERED, 100);
        happened(friday, FRIDAY, 0, EventType.DELIVERED, 40);
        Comparison comparison = compared(FRIDAY.plus(119, ChronoUnit.MINUTES));
        assertThat(comparison.campaigns().getLast().hours())
                .extracting(Comparison.Hour::after)
                .containsExactly(0, 1);
    }

    @Test
    void a_campaign_without_a_mail_has_no_hours() {
        happened(monday, MONDAY, 0, EventType.DELIVERED, 100);
        happened(friday, FRIDAY, 0, EventType.UNSUBSCRIBED, 1);
        Comparison.Compared second = compared(FRIDAY).campaigns().getLast();
        assertThat(second.firstMail()).isNull();
        assertThat(second.hours()).isEmpty();
        assertThat(second.total().unsubscribed()).isEqualTo(1);
    }

    @Test
    void two_to_twenty_different_campaigns_can_be_compared() {
        Comparison.require(LongStream.rangeClosed(1, 20).boxed().toList());
        for (List<Long> ids :
                List.of(
                        List.<Long>of(),
                        List.of(1L),
                        List.of(1L, 2L, 1L),
                        LongStream.rangeClosed(1, 21).boxed().toList())) {
            assertThatThrownBy(() -> Comparison.require(ids))
                    .isInstanceOf(Refusal.Invalid.class)
                    .hasMessageContaining("2 to 20");
        }
    }

    private Comparison compared(Instant now) {
        return Comparison.of(
                true,
                List.of(
                        new Comparison.Counted(1, "Monday", monday.series()),
                        new Comparison.Counted(2, "Friday", friday.series())),
                now);
    }

    private static void happened(
            Series.Sums sums, Instant from, int hours, EventType type, long contacts) {
        sums.add(from.plus(hours, ChronoUnit.HOURS), type, new Figure(contacts, contacts));
    }
}
