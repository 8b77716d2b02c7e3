package io.mailgenius.jobs.events;

import static io.mailgenius.jobs.events.EventsFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.schema.SuppressionReason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests the consequences and the retention of events. */
class ConsequencesTest {

    private static EventsFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new EventsFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static void happens(long contact, String type, long secondsAgo) {
        fixture.events.record(event(contact, type, secondsAgo, null));
    }

    private static Event event(
            long contact, String type, long secondsAgo, @Nullable SuppressionReason suppresses) {
        return new Event(
                fixture.workspace,
                NOW.minusSeconds(secondsAgo),
                7L,
                contact,
                type,
                UUID.randomUUID().toString(),
                null,
                null,
                suppresses);
    }

    private static List<String> suppressed() {
        return fixture.owner
                .sql("SELECT email || ' ' || source FROM suppression ORDER BY 1")
                .query(String.class)
                .list();
    }

    @Test
    void repeated_transient_bounces_since_the_last_delivery_suppress_the_address() {
        long full = fixture.contact("full@example.com");
        long sometimes = fixture.contact("sometimes@example.com");
        for (int n = 1; n <= 4; n++) {
            happens(full, "BOUNCED", 100 - n);
            happens(sometimes, "BOUNCED", 100 - n);
        }
        assertThat(suppressed()).isEmpty();
        happens(sometimes, "DELIVERED", 50);
        happens(sometimes, "BOUNCED", 40);
        happens(full, "BOUNCED", 40);
        assertThat(suppressed()).containsExactly("full@example.com transient bounces");

        fixture.owner.sql("UPDATE workspace SET transient_bounces = 2").update();
        fixture.events.record(
                List.of(
                        event(sometimes, "BOUNCED", 30, null),
                        event(sometimes, "COMPLAINED", 20, SuppressionReason.COMPLAINED)));
        assertThat(suppressed())
                .as("the more severe reason is kept")
                .containsExactly(
                        "full@example.com transient bounces", "sometimes@example.com complaint");
        assertThat(
                        fixture.owner
                                .sql("SELECT delivered, bounced, complained FROM campaign_health")
                                .query()
                                .singleRow()
                                .values())
                .map(Object::toString)
                .containsExactly("1", "11", "1");
    }

    @Test
    void partitions_are_created_after_their_events_and_dropped_as_a_whole() {
        fixture.owner
                .sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, type, message_id)
                        SELECT :workspace, t::timestamptz, 'X', t
                          FROM unnest(ARRAY['2030-05-31T23:59:59Z', '2030-06-01T00:00:00Z', '2030-06-30T23:59:59Z',
                                            '2030-07-01T00:00:00Z', '2021-02-03T00:00:00Z']) t
                        """)
                .param("workspace", fixture.workspace)
                .update();
        assertThat(tables()).containsOnly("event_other");
        int monthsOfTheFixture = 5;

        ensure("2030-06-15T00:00:00Z");
        assertThat(tables())
                .containsExactly(
                        "event_other",
                        "event_2030_05",
                        "event_2030_06",
                        "event_2030_06",
                        "event_2030_07");
        ensure("2030-06-15T00:00:00Z");

        fixture.owner.sql("DELETE FROM event_batch").update();
        fixture.owner
                .sql(
                        """
                        INSERT INTO event_batch (workspace_id, events, campaigns, first_at, last_at)
                        VALUES (:workspace, 1, '{7}', '2030-05-31T23:00:00Z', '2030-05-31T23:00:00Z')
                        """)
                .param("workspace", fixture.workspace)
                .update();
        assertThat(fixture.store.forget(Instant.parse("2030-07-01T00:00:00Z")))
                .as("May has a pending rollup; earlier months have no events and are dropped")
                .isEqualTo(monthsOfTheFixture + 1);
        assertThat(tables()).containsExactly("event_2030_05", "event_2030_07");
    }

    /**
     * The second session has cached that the table does not exist, as after an aborted first
     * attempt.
     */
    @Test
    void two_nodes_can_create_the_same_partitions_concurrently() throws SQLException {
        String months = "SELECT ensure_event_partitions('2040-06-15T00:00:00Z', 1)";
        try (Connection first = fixture.database.owner().getConnection();
                Statement maker = first.createStatement();
                Connection second = fixture.database.owner().getConnection();
                Statement late = second.createStatement()) {
            late.execute(months.replace("2040", "2039"));
            late.execute("SELECT to_regclass('public.event_2040_05')");
            first.setAutoCommit(false);
            maker.execute(months);
            CompletableFuture<Integer> made =
                    CompletableFuture.supplyAsync(() -> made(late, months));
            await().until(ConsequencesTest::somebodyWaits);
            first.commit();
            assertThat(made).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0);
        }
    }

    private static int made(Statement statement, String months) {
        try (ResultSet rows = statement.executeQuery(months)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean somebodyWaits() {
        return fixture.owner
                .sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                                        WHERE l.locktype = 'advisory' AND NOT l.granted
                                          AND d.datname = current_database())
                        """)
                .query(Boolean.class)
                .single();
    }

    private static void ensure(String around) {
        fixture.owner
                .sql("SELECT ensure_event_partitions(?::timestamptz, 1)")
                .param(around)
                .query()
                .listOfRows();
    }

    private static List<String> tables() {
        return fixture.owner
                .sql(
                        "SELECT tableoid::regclass::text FROM event WHERE type = 'X' ORDER BY occurred_at")
                .query(String.class)
                .list();
    }

    @Test
    void old_receipts_are_deleted() {
        fixture.owner
                .sql(
                        """
                        INSERT INTO event_receipt
                        SELECT :workspace, 'old-' || n, :now::timestamptz - n * interval '1 day'
                          FROM generate_series(1, 9) n
                        """)
                .param("workspace", fixture.workspace)
                .param("now", NOW.toString())
                .update();
        Instant before = NOW.minusSeconds(4 * 86_400 + 1);
        assertThat(IntStream.range(0, 4).map(_ -> fixture.store.deleteReceipts(before, 2)))
                .containsExactly(2, 2, 1, 0);
        assertThat(
                        fixture.owner
                                .sql(
                                        "SELECT message_id FROM event_receipt WHERE message_id LIKE 'old-%' ORDER BY 1")
                                .query(String.class)
                                .list())
                .containsExactly("old-1", "old-2", "old-3", "old-4");
    }
}
