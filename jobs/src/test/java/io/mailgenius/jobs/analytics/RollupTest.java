package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventType;
import java.sql.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollupTest {

    private static final Instant TEN = Instant.parse("2026-03-05T10:00:00Z");
    private static final Instant NINE = Instant.parse("2026-03-05T09:00:00Z");

    private final RollupFixture fixture = new RollupFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_contact_counts_once_and_its_events_all() {
        fixture.happen(
                List.of(opened("1", 5, TEN), opened("2", 5, at(TEN, 3)), opened("3", 6, TEN)));
        fixture.rollup(100);
        assertThat(lines()).containsExactly("7 10 OPENED 3 2");
    }

    @Test
    void a_second_rollup_finds_nothing_to_do_and_changes_nothing() {
        fixture.happen(List.of(opened("1", 5, TEN)));
        fixture.rollup(100);
        var hours = fixture.rows("SELECT *, xmin FROM campaign_hour");
        var engagement = fixture.rows("SELECT *, xmin FROM engagement");
        assertThat(fixture.slices(100)).isEmpty();
        fixture.rollup(100);
        fixture.settle(List.of(new Slice(7, TEN, at(TEN, 60))));
        assertThat(fixture.rows("SELECT *, xmin FROM campaign_hour")).isEqualTo(hours);
        assertThat(fixture.rows("SELECT *, xmin FROM engagement")).isEqualTo(engagement);
    }

    @Test
    void a_late_event_moves_its_contact_to_the_earlier_hour() {
        fixture.happen(List.of(opened("1", 5, TEN)));
        fixture.rollup(100);
        fixture.happen(List.of(opened("2", 5, at(NINE, 59))));
        fixture.rollup(100);
        assertThat(lines()).containsExactly("7 09 OPENED 1 1", "7 10 OPENED 1 0");
    }

    @Test
    void an_hour_whose_events_are_not_settled_keeps_its_mark() {
        fixture.happen(List.of(opened("1", 5, TEN)));
        assertThat(fixture.count(fixture.hours())).isZero();
        assertThat(fixture.hours()).containsExactly(new Hour(7, TEN));
        fixture.rollup(100);
        assertThat(fixture.hours()).isEmpty();
    }

    @Test
    void events_that_come_while_an_hour_is_counted_keep_its_mark() throws Exception {
        fixture.happen(List.of(opened("1", 5, TEN)));
        fixture.slices(100).forEach(slice -> fixture.settle(List.of(slice)));
        try (var counter = Executors.newSingleThreadExecutor();
                Connection writer = fixture.database.owner().getConnection()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("UPDATE event_mark SET marks = marks + 1");
            Future<Integer> counted = counter.submit(() -> fixture.count(fixture.hours()));
            while (fixture.rows("SELECT FROM pg_locks WHERE NOT granted").isEmpty()) {
                Thread.onSpinWait();
            }
            writer.commit();
            assertThat(counted.get()).isZero();
        }
        assertThat(fixture.hours()).containsExactly(new Hour(7, TEN));
    }

    @Test
    void an_hour_is_cut_into_slices_that_together_have_every_event_once() {
        List<Event> happened =
                LongStream.rangeClosed(1, 250)
                        .mapToObj(i -> opened("m" + i, i, TEN.plus(i / 3, ChronoUnit.MICROS)))
                        .toList();
        fixture.happen(happened);
        List<Slice> slices = fixture.slices(20);
        assertThat(slices).hasSizeBetween(10, 14);
        assertThat(slices.getFirst().from()).isEqualTo(TEN);
        assertThat(slices.getLast().to()).isEqualTo(at(TEN, 60));
        int added = 0;
        for (Slice slice : slices) {
            added += fixture.settle(List.of(slice)).added();
        }
        assertThat(added).isEqualTo(250);
    }

    @Test
    void workers_that_settle_the_same_contacts_at_once_do_not_deadlock() throws Exception {
        List<Event> happened = new ArrayList<>();
        for (int contact = 1; contact <= 1_500; contact++) {
            for (int hour = 0; hour < 4; hour++) {
                happened.add(opened(contact + "." + hour, contact, at(TEN, 60 * hour - 120)));
            }
        }
        Collections.shuffle(happened);
        fixture.happen(happened);
        List<Slice> slices = fixture.slices(100_000);
        assertThat(slices).hasSize(4);
        for (int round = 0; round < 5; round++) {
            fixture.owner.sql("TRUNCATE engagement").update();
            CyclicBarrier start = new CyclicBarrier(slices.size());
            try (var workers = Executors.newFixedThreadPool(slices.size())) {
                List<Callable<Object>> work = new ArrayList<>();
                slices.forEach(
                        slice ->
                                work.add(
                                        () -> {
                                            start.await();
                                            return fixture.settle(List.of(slice));
                                        }));
                for (Future<Object> done : workers.invokeAll(work)) {
                    done.get(); // a deadlock would be its exception
                }
            }
            assertThat(fixture.rows("SELECT DISTINCT opened_at::text AS first FROM engagement"))
                    .hasSize(1);
        }
    }

    @Test
    void analytics_sums_hours_and_divides_by_what_was_delivered() {
        fixture.happen(
                List.of(
                        event("1", 5, EventType.DELIVERED, NINE),
                        event("2", 6, EventType.DELIVERED, NINE),
                        event("3", 7, EventType.BOUNCED, NINE),
                        opened("4", 5, at(NINE, 1)),
                        opened("5", 5, TEN),
                        event("6", 5, EventType.CLICKED, TEN)));
        fixture.rollup(100);
        Series campaign = fixture.in(() -> fixture.analytics.campaign(7));
        assertThat(campaign.points()).extracting(Series.Point::start).containsExactly(NINE, TEN);
        assertThat(campaign.total().of(EventType.OPENED)).isEqualTo(new Figure(2, 1));
        assertThat(campaign.total().rates())
                .isEqualTo(new Rates(2 / 3.0, 1 / 3.0, 0.5, 0.5, 1, 0, 0));
        assertThat(fixture.in(() -> fixture.analytics.totals(List.of(7L, 8L))))
                .containsEntry(7L, campaign.total())
                .containsEntry(8L, Figures.NONE);
        Series day =
                fixture.in(
                        () ->
                                fixture.analytics.overview(
                                        NINE.truncatedTo(ChronoUnit.DAYS), at(TEN, 60)));
        assertThat(day.total()).isEqualTo(campaign.total());
        assertThat(day.points()).hasSize(1);
    }

    private List<String> lines() {
        return fixture.owner
                .sql(
                        """
                        SELECT concat_ws(' ', campaign_id, to_char(hour AT TIME ZONE 'UTC', 'HH24'), type, events, contacts)
                          FROM campaign_hour ORDER BY 1
                        """)
                .query(String.class)
                .list();
    }

    private static Instant at(Instant hour, int minutes) {
        return hour.plus(minutes, ChronoUnit.MINUTES);
    }

    private Event opened(String id, long contact, Instant at) {
        return event(id, contact, EventType.OPENED, at);
    }

    private Event event(String id, long contact, EventType type, Instant at) {
        return new Event(fixture.workspace, at, 7L, contact, type.name(), id, null, null, null);
    }
}
