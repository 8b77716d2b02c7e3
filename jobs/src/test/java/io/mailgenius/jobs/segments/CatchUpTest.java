package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.ManualClock;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.search.ContactChanges;
import io.mailgenius.jobs.segments.MemberUpdates.CaughtUp;
import io.mailgenius.jobs.segments.MemberUpdates.NeedsFullCount;
import io.mailgenius.jobs.segments.MemberUpdates.NotAvailable;
import io.mailgenius.jobs.segments.MemberUpdates.Outcome;
import io.mailgenius.schema.SegmentStatus;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Evaluating the changed contacts gives the same members as evaluating all. The node has no
 * manager, so launches wait, and the test does the work of the job.
 */
class CatchUpTest {

    private static final int CONTACTS = 40;
    private static final int SEGMENTS = 12;
    private static final int ROUNDS = 15;
    private static final JsonNode OSLO =
            Audience.json("{\"field\":\"city\",\"op\":\"equals\",\"value\":\"Oslo\"}");
    private static final JsonNode FRESH =
            Audience.json("{\"field\":\"createdAt\",\"op\":\"withinDays\",\"value\":2}");

    private static Audience audience;
    private static RandomHistory history;
    private static TestNode node;
    private static SegmentStore segments;
    private static final ManualClock CLOCK = new ManualClock();

    @BeforeAll
    static void a_workspace() {
        audience = new Audience();
        history = new RandomHistory(audience);
        segments = new SegmentStore(audience.jdbc);
        node = TestNode.start(audience.database, List.of(), Role.API);
    }

    @AfterAll
    static void close() {
        node.close();
        audience.close();
    }

    @BeforeEach
    void no_segments() {
        CLOCK.advance(Duration.between(CLOCK.instant(), Audience.NOW));
        execute("DELETE FROM segment");
        execute("DELETE FROM segment_member");
    }

    private static void execute(String sql) {
        audience.inside(() -> audience.jdbc.sql(sql).update());
    }

    private static MemberUpdates refreshes(int most) {
        return new MemberUpdates(audience.jdbc, node.get(Launches.class), CLOCK, most);
    }

    private static SegmentRefresher upkeep() {
        return new SegmentRefresher(
                audience.jdbc, audience.transactions, node.get(Launches.class), CLOCK);
    }

    private static Outcome catchUp(long segment) {
        return audience.inside(() -> refreshes(MemberUpdates.MOST).catchUp(segment));
    }

    private static long counted(String name, JsonNode rule) {
        long id = audience.inside(() -> segments.insert(name, rule)).orElseThrow();
        audience.inside(
                () -> {
                    refreshes(MemberUpdates.MOST).count(id, 0, false);
                    return null;
                });
        job(id);
        return id;
    }

    /** Does the work of the launch. */
    private static void job(long id) {
        SegmentView view = view(id);
        MemberRange allContacts = new MemberRange(id, CLOCK.instant(), 0, Long.MAX_VALUE, 1);
        Map<String, Long> counts =
                audience.inside(() -> new SegmentMembers(audience.jdbc).settle(allContacts))
                        .values();
        audience.inside(
                () -> {
                    segments.ready(
                            id,
                            Objects.requireNonNull(view.launchId()),
                            Objects.requireNonNull(counts.get("members")),
                            CLOCK.instant(),
                            ZoneId.of("UTC"));
                    return null;
                });
    }

    private static SegmentView view(long id) {
        return audience.inside(() -> segments.find(id)).orElseThrow();
    }

    @Test
    void evaluating_changed_contacts_equals_evaluating_all() throws Exception {
        long seed = Long.getLong("seed", 20260315L);
        Random random = new Random(seed);
        List<Long> contacts = new ArrayList<>();
        for (int i = 0; i < CONTACTS; i++) {
            contacts.add(history.contact(random, i));
            history.act(random, contacts);
        }
        Map<Long, JsonNode> rules = new TreeMap<>();
        for (int i = 0; i < SEGMENTS; i++) {
            JsonNode rule = history.rule(random, random.nextInt(3));
            rules.put(counted("Random " + i, rule), rule);
        }
        long moved = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (Connection late = audience.database.owner().getConnection()) {
                late.setAutoCommit(false);
                try (var statement = late.createStatement()) {
                    statement.execute(
                            "UPDATE contact SET city = 'Oslo', attributes = '{}' WHERE id = "
                                    + RandomRule.pick(random, contacts));
                }
                // No other writer changes the contacts that the open transaction has locked.
                for (int i = random.nextInt(6); i > 0; i--) {
                    history.act(random, contacts);
                    contacts.add(history.contact(random, CONTACTS + 100 * round + i));
                }
                moved += everywhere(random, rules, "seed %d, round %d, open", seed, round);
                late.commit();
            }
            for (int i = random.nextInt(8); i > 0; i--) {
                history.change(random, contacts, 100_000 + 100 * round + i);
            }
            moved += everywhere(random, rules, "seed %d, round %d", seed, round);
        }
        assertThat(moved).as("members that joined and left").isGreaterThan(SEGMENTS * ROUNDS / 4);
    }

    private static long everywhere(
            Random random, Map<Long, JsonNode> rules, String as, Object... values) {
        long moved = 0;
        for (var segment : rules.entrySet()) {
            long id = segment.getKey();
            switch (random.nextInt(3)) {
                case 0 -> diesInTheMiddle(id);
                case 1 -> twoAtOnce(id);
                default -> {}
            }
            CaughtUp caughtUp = (CaughtUp) catchUp(id);
            moved += caughtUp.added() + caughtUp.removed();
            assertThat(audience.members(id))
                    .as(as + ", rule " + segment.getValue().toString().replace("%", "%%"), values)
                    .isEqualTo(audience.matching(segment.getValue()));
            assertThat(view(id).members()).isEqualTo(audience.members(id).size());
        }
        return moved;
    }

    private static void diesInTheMiddle(long id) {
        List<Long> before = audience.members(id);
        assertThatThrownBy(
                        () ->
                                audience.inside(
                                        () -> {
                                            refreshes(MemberUpdates.MOST).catchUp(id);
                                            throw new IllegalStateException("died");
                                        }))
                .hasMessage("died");
        assertThat(audience.members(id)).isEqualTo(before);
    }

    private static void twoAtOnce(long id) {
        CompletableFuture<Outcome> one = CompletableFuture.supplyAsync(() -> catchUp(id));
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> catchUp(id));
        assertThat(List.of(one.join(), other.join())).hasOnlyElementsOfType(CaughtUp.class);
    }

    @Test
    void only_changed_contacts_are_read() {
        history.contact(new Random(1), 2_000_000);
        long mover = audience.contact("Mover", Map.of("city", "Bergen"));
        long id = counted("Oslo", OSLO);
        catchUp(id);
        execute("UPDATE contact SET city = 'Oslo' WHERE id = " + mover);
        assertThat(catchUp(id)).isEqualTo(new CaughtUp(1, 1, 0, false, CLOCK.instant()));
        assertThat(catchUp(id)).isEqualTo(new CaughtUp(0, 0, 0, false, CLOCK.instant()));
        execute("DELETE FROM contact WHERE id = " + mover);
        assertThat(catchUp(id)).isEqualTo(new CaughtUp(0, 0, 1, false, CLOCK.instant()));
        assertThat(audience.members(id)).doesNotContain(mover);
    }

    @Test
    void an_unchanged_segment_is_fresh_without_evaluation() {
        long mover = audience.contact("Quiet", Map.of("city", "Bergen"));
        long id = counted("Oslo", OSLO);
        catchUp(id);
        forget();
        notLookedAtForLong();
        assertThat(behind()).isEmpty();
        upkeep().round();
        assertThat(view(id).refreshedAt()).isEqualTo(CLOCK.instant());

        notLookedAtForLong();
        execute("UPDATE contact SET city = 'Oslo' WHERE id = " + mover);
        assertThat(behind()).containsExactly(audience.workspace);
        upkeep().round();
        assertThat(audience.members(id)).contains(mover);
    }

    @Test
    void
            a_rule_that_counts_days_is_looked_at_when_they_have_gone_by_or_are_those_of_another_zone() {
        long fresh = counted("Fresh", FRESH);
        counted("Oslo", OSLO);
        catchUp(fresh);
        forget();
        Instant midnight = Audience.NOW.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        assertThat(turnsAt(fresh)).isBetween(midnight, midnight.plus(1, ChronoUnit.HOURS));

        execute(
                "UPDATE segment SET turns_at = now() + interval '1 minute' WHERE turns_at IS NOT NULL");
        notLookedAtForLong();
        assertThat(behind()).isEmpty();
        execute("UPDATE segment SET turns_at = now() WHERE turns_at IS NOT NULL");
        assertThat(behind()).containsExactly(audience.workspace);

        upkeep().round();
        notLookedAtForLong();
        execute(
                "UPDATE segment SET turns_at = now() + interval '1 minute' WHERE turns_at IS NOT NULL");
        JdbcClient.create(audience.database.owner())
                .sql("UPDATE workspace SET time_zone = 'Pacific/Auckland'")
                .update();
        try {
            assertThat(behind()).containsExactly(audience.workspace);
        } finally {
            JdbcClient.create(audience.database.owner())
                    .sql("UPDATE workspace SET time_zone = 'UTC'")
                    .update();
        }
    }

    @Test
    void unchanged_segments_do_not_wait_for_a_locked_one() {
        long held = counted("Held", OSLO);
        long free = counted("Free", OSLO);
        catchUp(held);
        catchUp(free);
        forget();
        notLookedAtForLong();
        Instant before = view(held).refreshedAt();
        audience.inside(
                () -> {
                    assertThat(segments.standing(held)).isPresent();
                    CompletableFuture.runAsync(CatchUpTest::sayWhichAreFresh).join();
                    return null;
                });
        assertThat(view(free).refreshedAt()).isEqualTo(CLOCK.instant());
        assertThat(view(held).refreshedAt()).isEqualTo(before);
    }

    private static void sayWhichAreFresh() {
        audience.inside(
                () -> {
                    audience.jdbc.sql("SET LOCAL lock_timeout = '100ms'").update();
                    return audience.jdbc
                            .sql("SELECT quiet_segments_are_fresh(:at)")
                            .param("at", CLOCK.instant().atOffset(ZoneOffset.UTC))
                            .query((_, _) -> true)
                            .single();
                });
    }

    private static Instant turnsAt(long id) {
        return JdbcClient.create(audience.database.owner())
                .sql("SELECT turns_at FROM segment WHERE id = :id")
                .param("id", id)
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private static void notLookedAtForLong() {
        execute("UPDATE segment SET refreshed_at = '2026-01-01'");
    }

    private static List<Long> behind() {
        return audience.inside(
                () ->
                        audience.jdbc
                                .sql("SELECT * FROM workspaces_with_segments_behind()")
                                .query((row, _) -> row.getLong(1))
                                .list());
    }

    @Test
    void changes_during_a_full_count_are_applied_afterwards() {
        long mover = audience.contact("Late", Map.of("city", "Bergen"));
        long id = counted("Oslo", OSLO);
        audience.inside(
                () -> {
                    refreshes(MemberUpdates.MOST).count(id, 1, true);
                    return null;
                });
        assertThat(view(id).status())
                .as("counted in the background")
                .isEqualTo(SegmentStatus.READY);
        assertThat(catchUp(id)).isInstanceOf(NotAvailable.class);
        MemberRange allContacts = new MemberRange(id, CLOCK.instant(), 0, Long.MAX_VALUE, 1);
        audience.inside(() -> new SegmentMembers(audience.jdbc).settle(allContacts));
        execute("UPDATE contact SET city = 'Oslo' WHERE id = " + mover);
        audience.inside(
                () -> {
                    segments.ready(
                            id,
                            Objects.requireNonNull(view(id).launchId()),
                            audience.members(id).size(),
                            CLOCK.instant(),
                            ZoneOffset.UTC);
                    return null;
                });
        assertThat(audience.members(id)).doesNotContain(mover);
        assertThat(catchUp(id)).isInstanceOf(CaughtUp.class);
        assertThat(audience.members(id)).contains(mover).isEqualTo(audience.matching(OSLO));
    }

    @Test
    void a_segment_that_missed_changes_is_counted_again() {
        long mover = audience.contact("Missed", Map.of("city", "Bergen"));
        long id = counted("Oslo", OSLO);
        catchUp(id);
        forget();
        assertThat(catchUp(id)).as("no changes were purged").isInstanceOf(CaughtUp.class);
        execute("UPDATE contact SET city = 'Oslo' WHERE id = " + mover);
        forget();
        assertThat(catchUp(id)).isEqualTo(new NeedsFullCount(CLOCK.instant()));

        upkeep().round();
        assertThat(view(id).launchId()).as("it has just been counted").isEqualTo(launch(id));
        long before = launch(id);
        CLOCK.advance(Duration.ofMinutes(6));
        upkeep().round();
        assertThat(launch(id)).isNotEqualTo(before);
        job(id);
        assertThat(audience.members(id)).contains(mover);
        assertThat(catchUp(id)).isInstanceOf(CaughtUp.class);
    }

    private static long launch(long id) {
        return Objects.requireNonNull(view(id).launchId());
    }

    /** Purges the changes of ended transactions, as a node does after ten minutes. */
    private static void forget() {
        audience.inside(
                () -> ContactChanges.forget(audience.jdbc, ContactChanges.horizon(audience.jdbc)));
    }

    @Test
    void too_many_changes_are_left_to_the_job() {
        long id = counted("Oslo", OSLO);
        catchUp(id);
        for (int i = 0; i < 4; i++) {
            audience.contact("Crowd" + i, Map.of("city", "Oslo"));
        }
        assertThat(audience.inside(() -> refreshes(3).catchUp(id)))
                .isEqualTo(new NeedsFullCount(CLOCK.instant()));
        assertThat(audience.inside(() -> refreshes(4).catchUp(id)))
                .as("it left")
                .isEqualTo(new NeedsFullCount(CLOCK.instant()));
        importing("RUNNING");
        CLOCK.advance(Duration.ofMinutes(6));
        long before = launch(id);
        upkeep().round();
        assertThat(launch(id)).as("while an import is running").isEqualTo(before);
        importing("COMPLETED");
        upkeep().round();
        assertThat(launch(id)).isNotEqualTo(before);
    }

    private static void importing(String state) {
        execute(
                """
                INSERT INTO launch (workspace_id, job_name, job_key, requested_at, state, owner)
                VALUES (%d, 'import', 'one', now(), '%s', 'somebody')
                ON CONFLICT (job_name, job_key) DO UPDATE SET state = excluded.state
                """
                        .formatted(audience.workspace, state));
    }

    @Test
    void a_refresh_waits_for_the_lock_of_the_segment() {
        long id = counted("Oslo", OSLO);
        audience.inside(
                () -> {
                    assertThat(segments.standing(id)).isPresent();
                    assertThatThrownBy(
                                    () -> CompletableFuture.supplyAsync(() -> impatient(id)).join())
                            .hasMessageContaining("lock timeout");
                    return null;
                });
    }

    private static Outcome impatient(long id) {
        return audience.inside(
                () -> {
                    audience.jdbc.sql("SET LOCAL lock_timeout = '100ms'").update();
                    return refreshes(MemberUpdates.MOST).catchUp(id);
                });
    }

    @Test
    void changes_up_to_the_limit_are_evaluated_at_once() {
        long id = counted("Oslo", OSLO);
        for (int i = 0; i < 4; i++) {
            audience.contact("Few" + i, Map.of("city", "Oslo"));
        }
        assertThat(audience.inside(() -> refreshes(4).catchUp(id)))
                .isEqualTo(new CaughtUp(4, 4, 0, false, CLOCK.instant()));
    }

    @Test
    void results_that_change_with_the_days_are_found_within_an_hour() {
        // Fifty minutes before midnight, when the last day ends on which the rule matches the
        // contact.
        CLOCK.advance(Duration.ofMinutes(11 * 60 + 10));
        String almost = Audience.NOW.minus(Duration.ofHours(48)).toString();
        long ages = audience.contact("Ages", Map.of("created_at", almost));
        long id = counted("Fresh", FRESH);
        assertThat(audience.members(id)).contains(ages);
        long before = launch(id);

        CLOCK.advance(Duration.ofMinutes(54));
        long late = audience.contact("Young", Map.of("created_at", CLOCK.instant().toString()));
        upkeep().round();
        assertThat(launch(id)).isEqualTo(before);
        assertThat(audience.members(id)).contains(ages, late);

        CLOCK.advance(Duration.ofMinutes(6));
        upkeep().round();
        assertThat(launch(id)).isNotEqualTo(before);
        assertThat(view(id).status()).isEqualTo(SegmentStatus.READY);
        job(id);
        assertThat(audience.members(id)).contains(late).doesNotContain(ages);
        assertThat(view(id).countedAt()).isEqualTo(CLOCK.instant());
    }

    @Test
    void a_round_refreshes_and_records_its_time() {
        long id = counted("Oslo", OSLO);
        catchUp(id);
        CLOCK.advance(Duration.ofMinutes(1));
        long mover = audience.contact("Seen", Map.of("city", "Oslo"));
        upkeep().round();
        assertThat(audience.members(id)).contains(mover);
        assertThat(view(id).refreshedAt()).isEqualTo(CLOCK.instant());
        assertThat(view(id).countedAt()).isEqualTo(Audience.NOW);
    }

    @Test
    void dropping_a_month_of_events_recounts_segments_with_links() {
        JsonNode clicked =
                Audience.json(
                        "{\"none\":[{\"any\":[{\"field\":\"clicked\",\"op\":\"in\",\"value\":\"any\",\"link\":\"%s\"}]}]}"
                                .formatted(RandomHistory.LINKS.getFirst()));
        JdbcClient owner = JdbcClient.create(audience.database.owner());
        owner.sql("SELECT ensure_event_partitions(CAST('2020-01-05' AS timestamptz), 0)")
                .query((_, _) -> true)
                .list();
        long id = counted("Links", clicked);
        long other = counted("Oslo", OSLO);
        owner.sql("SELECT forget_events(CAST('2021-01-01' AS timestamptz))")
                .query((_, _) -> true)
                .list();
        assertThat(catchUp(id)).isInstanceOf(NeedsFullCount.class);
        assertThat(catchUp(other)).isInstanceOf(CaughtUp.class);
    }
}
