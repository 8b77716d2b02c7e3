package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventShards;
import io.mailgenius.jobs.events.EventType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollupTest {

    /** All events of contact 5. */
    private static final UncountedBatches.Range OF_FIVE =
            new UncountedBatches.Range(EventShards.FIRST, 0, Long.MAX_VALUE, 0);

    private static final Instant TEN = Instant.parse("2026-03-05T10:00:00Z");
    private static final Instant NINE = Instant.parse("2026-03-05T09:00:00Z");

    private final RollupFixture fixture = new RollupFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void contacts_count_once_and_events_each_time() {
        fixture.happen(
                List.of(opened("1", 5, TEN), opened("2", 5, at(TEN, 3)), opened("3", 6, TEN)));
        fixture.rollup(100);
        assertThat(lines()).containsExactly("7 10 OPENED 3 2");
    }

    @Test
    void a_second_rollup_changes_nothing() {
        fixture.happen(List.of(opened("1", 5, TEN)));
        fixture.rollup(100);
        var hours = fixture.rows("SELECT *, xmin FROM campaign_hour");
        var engagement = fixture.rows("SELECT *, xmin FROM engagement");
        assertThat(fixture.ranges(100)).isEmpty();
        fixture.rollup(100);
        fixture.count(OF_FIVE);
        assertThat(fixture.rows("SELECT *, xmin FROM campaign_hour")).isEqualTo(hours);
        assertThat(fixture.rows("SELECT *, xmin FROM engagement")).isEqualTo(engagement);
    }

    @Test
    void every_change_of_figures_increments_the_edition() {
        assertThat(edition()).isEqualTo(List.of(0L, true));
        fixture.happen(List.of(opened("1", 5, TEN)));
        assertThat(edition()).isEqualTo(List.of(0L, false));
        fixture.rollup(100);
        assertThat(edition()).isEqualTo(List.of(1L, true));
        fixture.rollup(100);
        assertThat(edition()).isEqualTo(List.of(1L, true));
        fixture.happen(List.of(opened("2", 5, at(NINE, 59))));
        fixture.rollup(100);
        assertThat(edition()).isEqualTo(List.of(2L, true));
    }

    private List<Object> edition() {
        Analytics.Edition edition = fixture.in(() -> fixture.analytics.edition(7));
        return List.of(edition.number(), edition.current());
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
    void batches_locked_by_one_worker_are_not_counted_by_another() throws Exception {
        fixture.happen(List.of(opened("1", 5, TEN)));
        try (var other = Executors.newSingleThreadExecutor()) {
            fixture.in(
                    () -> {
                        assertThat(fixture.count.count(OF_FIVE).events()).isEqualTo(1);
                        return assertThat(other.submit(() -> fixture.count(OF_FIVE)))
                                .succeedsWithin(Duration.ofSeconds(10))
                                .isEqualTo(0L);
                    });
        }
        assertThat(lines()).containsExactly("7 10 OPENED 1 1");
    }

    @Test
    void contacts_of_different_shards_are_counted_at_once() throws Exception {
        long stranger = 5 + 2 * EventShards.NEIGHBOURS;
        Event another =
                new Event(
                        fixture.workspace,
                        TEN,
                        8L,
                        stranger,
                        EventType.OPENED.name(),
                        "2",
                        null,
                        null,
                        null);
        fixture.happen(List.of(opened("1", 5, TEN), another));
        try (var other = Executors.newSingleThreadExecutor()) {
            fixture.in(
                    () -> {
                        assertThat(fixture.count.count(OF_FIVE).events()).isEqualTo(1);
                        return assertThat(
                                        other.submit(
                                                () ->
                                                        fixture.count(
                                                                new UncountedBatches.Range(
                                                                        EventShards.FIRST + 2,
                                                                        0,
                                                                        Long.MAX_VALUE,
                                                                        0))))
                                .succeedsWithin(Duration.ofSeconds(10))
                                .isEqualTo(1L);
                    });
        }
        assertThat(lines()).containsExactly("7 10 OPENED 1 1", "8 10 OPENED 1 1");
    }

    @Test
    void a_chunk_that_is_rolled_back_leaves_everything_as_it_was() {
        fixture.happen(List.of(opened("1", 5, TEN)));
        assertThatThrownBy(
                        () ->
                                fixture.in(
                                        () -> {
                                            fixture.count.count(OF_FIVE);
                                            throw new IllegalStateException("killed");
                                        }))
                .hasMessage("killed");
        assertThat(lines()).isEmpty();
        fixture.rollup(100);
        assertThat(lines()).containsExactly("7 10 OPENED 1 1");
    }

    @Test
    void batches_are_combined_up_to_the_size_of_a_chunk() {
        for (int commit = 0; commit < 7; commit++) {
            List<Event> happened = new ArrayList<>();
            for (int n = 0; n < 10; n++) {
                happened.add(opened(commit + "." + n, n + 1, TEN));
            }
            happened.forEach(event -> fixture.happen(List.of(event)));
        }
        List<UncountedBatches.Range> ranges = fixture.ranges(20);
        assertThat(ranges)
                .extracting(UncountedBatches.Range::events)
                .containsExactly(20L, 20L, 20L, 10L);
        fixture.rollup(20);
        assertThat(lines()).containsExactly("7 10 OPENED 70 10");
    }

    @Test
    void events_of_bots_are_counted_separately() {
        fixture.happen(
                List.of(
                        event("1", 5, EventType.MACHINE_OPENED, TEN),
                        event("2", 5, EventType.MACHINE_CLICKED, TEN)));
        fixture.rollup(100);
        Figures totals = fixture.in(() -> fixture.analytics.totals(7));
        assertThat(totals.opened() + totals.clicked()).isZero();
        assertThat(totals.machineOpened()).isEqualTo(1);
        assertThat(totals.machineClicked()).isEqualTo(1);
        assertThat(fixture.rows("SELECT FROM campaign_breakdown WHERE dimension <> 'MAILBOX'"))
                .isEmpty();
    }

    @Test
    void workers_that_count_the_same_contacts_at_once_do_not_deadlock() throws Exception {
        List<Event> happened = new ArrayList<>();
        for (int contact = 1; contact <= 1_500; contact++) {
            for (int hour = 0; hour < 4; hour++) {
                happened.add(opened(contact + "." + hour, contact, at(TEN, 60 * hour - 120)));
            }
        }
        Collections.shuffle(happened);
        fixture.happen(happened);
        // Some batches have former shards or none, so that they may contain any contacts.
        fixture.owner.sql("UPDATE event_batch SET shard = id % 5 - 1 WHERE id % 3 > 0").update();
        List<UncountedBatches.Range> ranges = fixture.ranges(1_000);
        assertThat(ranges).hasSizeGreaterThan(2);
        fixture.owner.sql("CREATE TABLE kept AS TABLE event_batch").update();
        for (int round = 0; round < 5; round++) {
            fixture.owner.sql("TRUNCATE engagement, campaign_hour, event_batch").update();
            fixture.owner.sql("INSERT INTO event_batch TABLE kept").update();
            CyclicBarrier start = new CyclicBarrier(ranges.size());
            try (var workers = Executors.newFixedThreadPool(ranges.size())) {
                List<Callable<Object>> work = new ArrayList<>();
                ranges.forEach(
                        range ->
                                work.add(
                                        () -> {
                                            start.await();
                                            return fixture.count(range);
                                        }));
                for (Future<Object> done : workers.invokeAll(work)) {
                    done.get(); // a deadlock would be the exception of the future
                }
            }
            assertThat(lines())
                    .containsExactly(
                            "7 08 OPENED 1500 1500",
                            "7 09 OPENED 1500 0",
                            "7 10 OPENED 1500 0",
                            "7 11 OPENED 1500 0");
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
                                        new Span(
                                                NINE.truncatedTo(ChronoUnit.DAYS),
                                                at(TEN, 60),
                                                Bucket.DAY,
                                                ZoneId.of("UTC"))));
        assertThat(day.total()).isEqualTo(campaign.total());
        assertThat(day.points()).hasSize(1);
        // After midnight in that zone, and so in two days.
        Series there =
                fixture.in(
                        () ->
                                fixture.analytics.overview(
                                        new Span(
                                                at(NINE, -600),
                                                at(TEN, 60),
                                                Bucket.DAY,
                                                ZoneId.of("Pacific/Honolulu"))));
        assertThat(there.points())
                .extracting(Series.Point::start)
                .containsExactly(at(NINE, -23 * 60), at(TEN, 0));
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
