package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SuppressionReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The growth of a list reflects every way in which members join and leave. */
class ListGrowthTest {

    private static final LaunchFixture DOORS =
            new LaunchFixture(
                    Contacts.class, Lists.class, Suppressions.class, ListGrowth.class, Time.class);

    private final Contacts contacts = DOORS.door(Contacts.class);
    private final Lists lists = DOORS.door(Lists.class);
    private final ListGrowth growth = DOORS.door(ListGrowth.class);
    private final TransactionTemplate transaction =
            new TransactionTemplate(DOORS.door(PlatformTransactionManager.class));

    static class Time {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @BeforeEach
    void empty() {
        DOORS.database.empty(
                "contact", "list", "list_member", "suppression", "list_change", "list_hour");
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @Test
    void joins_and_leaves_are_counted_before_and_after_aggregation() {
        long news = list("news");
        List<Long> ids = people(10);
        DOORS.in(() -> lists.add(news, ids));
        DOORS.in(() -> lists.add(news, ids)); // existing members have not joined again
        DOORS.in(() -> lists.remove(news, ids.subList(0, 3)));
        DOORS.run(() -> contacts.delete(ids.getLast()));
        for (int round = 0; round < 3; round++) {
            assertThat(sum(news)).as("round " + round).isEqualTo(new Sum(10, 4, 0, 0, 6));
            assertThat(sum(0)).as("round " + round).isEqualTo(new Sum(10, 1, 0, 0, 9));
            growth.aggregate();
            assertThat(count("list_change")).isZero();
        }
        DOORS.in(() -> lists.add(news, ids.subList(0, 1)));
        growth.aggregate();
        assertThat(sum(news)).isEqualTo(new Sum(11, 4, 0, 0, 7));
        assertThat(count("list_hour")).isBetween(2L, 4L); // the hour may change in between
    }

    @Test
    void unsubscribed_contacts_stay_members_and_count_on_each_list() {
        long news = list("news");
        long offers = list("offers");
        List<Long> ids = people(3);
        DOORS.in(() -> lists.add(news, ids));
        DOORS.in(() -> lists.add(offers, ids.subList(0, 1)));
        suppress(1, SuppressionReason.UNSUBSCRIBED);
        suppress(1, SuppressionReason.COMPLAINED); // was already unsubscribed
        suppress(2, SuppressionReason.BOUNCED);
        assertThat(sum(news)).isEqualTo(new Sum(3, 0, 0, 2, 3));
        assertThat(sum(offers)).isEqualTo(new Sum(1, 0, 0, 1, 1));
        assertThat(sum(0)).isEqualTo(new Sum(3, 0, 0, 2, 3));
        DOORS.owner().sql("UPDATE contact SET status = 'SUBSCRIBED'").update();
        growth.aggregate();
        assertThat(sum(news)).isEqualTo(new Sum(3, 0, 2, 2, 3));
    }

    @Test
    void changes_aggregated_concurrently_are_counted_once() throws Exception {
        long news = list("news");
        List<Long> ids = people(10);
        try (var threads = Executors.newFixedThreadPool(6)) {
            List<Callable<Object>> work = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                Random random = new Random(thread);
                work.add(() -> joinAndLeave(news, ids, random));
                work.add(
                        () -> {
                            for (int n = 0; n < 40; n++) {
                                DOORS.in(() -> transaction.execute(_ -> growth.aggregate(7)));
                            }
                            return "done";
                        });
            }
            for (Future<Object> done : threads.invokeAll(work)) {
                done.get(); // a deadlock would be the exception of the future
            }
        }
        Sum before = sum(news);
        growth.aggregate();
        Sum after = sum(news);
        assertThat(after).isEqualTo(before);
        assertThat(after.gained() - after.lost()).isEqualTo(after.size());
        assertThat(after.gained()).isGreaterThan(10);
    }

    private String joinAndLeave(long list, List<Long> ids, Random random) {
        for (int n = 0; n < 40; n++) {
            // A list of its own, so that the writers of the test do not deadlock.
            List<Long> some = List.of(ids.get(random.nextInt(ids.size())));
            DOORS.in(
                    () ->
                            random.nextInt(3) == 0
                                    ? lists.remove(list, some)
                                    : lists.add(list, some));
        }
        return "done";
    }

    @Test
    void a_node_that_dies_before_its_commit_leaves_changes_and_hours_as_they_were() {
        long news = list("news");
        DOORS.in(() -> lists.add(news, people(5)));
        assertThatThrownBy(
                        () ->
                                DOORS.in(
                                        () ->
                                                transaction.execute(
                                                        _ -> {
                                                            growth.aggregate(100);
                                                            throw new IllegalStateException(
                                                                    "killed");
                                                        })))
                .hasMessage("killed");
        assertThat(count("list_hour")).isZero();
        assertThat(sum(news)).isEqualTo(new Sum(5, 0, 0, 0, 5));
    }

    @Test
    void rolled_back_changes_are_not_counted() {
        long news = list("news");
        List<Long> ids = people(2);
        DOORS.in(
                () ->
                        transaction.execute(
                                status -> {
                                    status.setRollbackOnly();
                                    return lists.add(news, ids);
                                }));
        assertThat(sum(news)).isEqualTo(new Sum(0, 0, 0, 0, 0));
    }

    @Test
    void deleting_a_list_deletes_its_figures() {
        long news = list("news");
        DOORS.in(() -> lists.add(news, people(2)));
        growth.aggregate();
        DOORS.run(() -> lists.delete(news));
        growth.aggregate();
        assertThat(count("list_change")).isZero();
        assertThat(
                        DOORS.owner()
                                .sql("SELECT DISTINCT list_id FROM list_hour")
                                .query((row, _) -> row.getLong(1))
                                .list())
                .containsExactly(0L);
        assertThatThrownBy(() -> sum(news))
                .isInstanceOf(Refusal.NotFound.class)
                .hasMessageContaining("list " + news);
    }

    /** The sum of all changes. */
    private record Sum(long gained, long lost, long subscribed, long unsubscribed, long size) {}

    /** Of the workspace if the list is 0. */
    private Sum sum(long list) {
        Instant now = Instant.now();
        Span span =
                new Span(
                        now.minus(Duration.ofDays(2)),
                        now.plus(Duration.ofDays(2)),
                        Bucket.HOUR,
                        ZoneOffset.UTC);
        Growth all =
                DOORS.in(() -> list == 0 ? growth.ofWorkspace(span) : growth.ofList(list, span));
        assertThat(all.points().getLast().size()).isEqualTo(all.size());
        Growth.Change sum =
                all.points().stream()
                        .map(
                                it ->
                                        new Growth.Change(
                                                it.gained(),
                                                it.lost(),
                                                it.subscribed(),
                                                it.unsubscribed()))
                        .reduce(Growth.Change.NONE, Growth.Change::plus);
        return new Sum(sum.gained(), sum.lost(), sum.subscribed(), sum.unsubscribed(), all.size());
    }

    private long list(String name) {
        return DOORS.in(() -> lists.create(name)).id();
    }

    /** In one statement, like an import. */
    private static List<Long> people(int number) {
        return DOORS.owner()
                .sql(
                        """
                        INSERT INTO contact (workspace_id, email)
                        SELECT ?, n || '@example.com' FROM generate_series(1, ?) AS n
                        RETURNING id
                        """)
                .params(DOORS.workspace, number)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    private void suppress(int person, SuppressionReason reason) {
        DOORS.in(() -> DOORS.door(Suppressions.class).add(person + "@example.com", reason, "test"));
    }

    private static long count(String table) {
        return DOORS.owner().sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }
}
