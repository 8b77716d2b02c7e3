package io.mailgenius.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.jobs.rules.RuleReader;
import io.mailgenius.jobs.segments.Audience;
import io.mailgenius.jobs.segments.RandomHistory;
import io.mailgenius.jobs.segments.RandomRule;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** The index and PostgreSQL match the same contacts after any changes. */
class SegmentIndexTest {

    private static final int CONTACTS = 60;
    private static final int ROUNDS = 12;
    private static final int RULES_A_ROUND = 20;
    private static Audience audience;
    private static RandomHistory history;

    @BeforeAll
    static void a_workspace() {
        audience = new Audience();
        history = new RandomHistory(audience);
    }

    @AfterAll
    static void close() {
        audience.close();
    }

    private static SegmentIndex index() {
        return new SegmentIndex(
                audience.jdbc,
                new TransactionTemplate(audience.transactions),
                Clock.fixed(Audience.NOW, ZoneOffset.UTC),
                audience.workspace);
    }

    @Test
    void the_index_matches_the_same_contacts_as_postgresql_after_any_changes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SegmentIndexTest: repeat with -Dseed=" + seed);
        Random random = new Random(seed);
        List<Long> contacts = new ArrayList<>();
        for (int i = 0; i < CONTACTS; i++) {
            contacts.add(history.contact(random, i));
            history.act(random, contacts);
        }
        SegmentIndex index = index();
        int told = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < RULES_A_ROUND; i++) {
                JsonNode rule = history.rule(random, random.nextInt(3));
                Set<Long> expected = new TreeSet<>(audience.matching(rule));
                assertThat(matching(index, rule))
                        .as("seed %d, round %d, rule %s", seed, round, rule)
                        .isEqualTo(expected);
                told += expected.isEmpty() || expected.size() == contacts.size() ? 0 : 1;
            }
            for (int i = 0; i < 12; i++) {
                history.change(random, contacts, CONTACTS + 100 * round + i);
            }
            assertThat(index.refresh()).isTrue();
        }
        assertThat(told)
                .as("seed %d: rules that tell contacts apart", seed)
                .isGreaterThan(ROUNDS * RULES_A_ROUND / 3);
    }

    private static Set<Long> matching(SegmentIndex index, JsonNode json) {
        Rule rule = RuleReader.read(json, Audience.NOW);
        while (true) {
            switch (index.ask(rule, Integer.MAX_VALUE)) {
                case SegmentIndex.Counted counted -> {
                    assertThat(counted.count()).isEqualTo(counted.first().size());
                    return new TreeSet<>(counted.first());
                }
                case SegmentIndex.Needs(var facets) -> facets.forEach(index::load);
            }
        }
    }

    @Test
    void a_part_of_an_address_or_name_is_found_after_any_changes() {
        Random random = new Random(20260315);
        List<Long> contacts = new ArrayList<>();
        // Adds contacts with lower ids later, as if they had committed late.
        contacts.add(audience.contact("Last", Map.of("id", 9_000_000)));
        for (int i = 0; i < 20; i++) {
            contacts.add(history.contact(random, 4_000_000 + i));
        }
        SegmentIndex index = index();
        assertThat(index.having("a", 0, 9)).isEmpty();
        index.load(Facet.SEARCH_TEXT);
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 5; i++) {
                history.change(random, contacts, 4_001_000 + 10 * round + i);
            }
            assertThat(index.refresh()).isTrue();
            for (String part : List.of("contact4", "0", "st@", "nobody", "contact4001" + round)) {
                long after = random.nextBoolean() ? 0 : RandomRule.pick(random, contacts);
                int most = random.nextInt(1, 30);
                List<Long> all = having(part, after);
                List<Long> found = index.having(part, after, most).orElseThrow().ids();
                if (all.size() <= most) {
                    assertThat(found).as(part).isEqualTo(all);
                } else {
                    assertThat(found).hasSizeGreaterThan(most).startsWith(first(all, most));
                }
            }
        }
    }

    private static Long[] first(List<Long> all, int most) {
        return all.subList(0, most).toArray(Long[]::new);
    }

    private static List<Long> having(String part, long after) {
        return audience.inside(
                () ->
                        audience.jdbc
                                .sql(
                                        """
                                        SELECT id FROM contact
                                         WHERE (strpos(email, :part) > 0 OR strpos(lower(concat_ws(' ', first_name, last_name)), :part) > 0)
                                           AND id > :after
                                         ORDER BY id
                                        """)
                                .param("part", part)
                                .param("after", after)
                                .query((row, _) -> row.getLong("id"))
                                .list());
    }

    @Test
    void points_halve_in_thirty_days_and_end_at_a_hundred() {
        long opened = history.contact(new Random(1), 2_000_001);
        long clicked = history.contact(new Random(2), 2_000_002);
        long silent = history.contact(new Random(3), 2_000_003);
        List<Long> three = List.of(opened, clicked, silent);
        // 10 a month ago; 20 and 10 just now, and 20 two months ago.
        audience.engaged(history.campaign, opened, "opened_at", daysAgo(30));
        audience.engaged(history.campaign, clicked, "opened_at", daysAgo(0));
        audience.engaged(history.campaign, clicked, "clicked_at", daysAgo(0));
        audience.engaged(history.other, clicked, "clicked_at", daysAgo(60));
        assertThat(among(three, score("greaterThan", "4.999"))).containsExactly(opened, clicked);
        assertThat(among(three, score("greaterThan", "5.001"))).containsExactly(clicked);
        assertThat(among(three, score("greaterOrEqual", "35"))).containsExactly(clicked);
        assertThat(among(three, score("greaterThan", "35.001"))).isEmpty();
        assertThat(among(three, score("lessOrEqual", "0"))).containsExactly(silent);
        assertThat(among(three, score("lessThan", "5.001"))).containsExactly(opened, silent);
        assertThat(among(three, score("between", "[0, 6]"))).containsExactly(opened, silent);
        assertThat(among(three, score("greaterThan", "100"))).isEmpty();
        assertThat(among(three, score("greaterOrEqual", "0"))).hasSize(3);
    }

    private static Instant daysAgo(int days) {
        return Audience.NOW.minus(Duration.ofDays(days));
    }

    private static JsonNode score(String op, String value) {
        return Audience.json(
                "{\"field\":\"score\",\"op\":\"%s\",\"value\":%s}".formatted(op, value));
    }

    private static List<Long> among(List<Long> contacts, JsonNode rule) {
        return audience.matching(rule).stream().filter(contacts::contains).toList();
    }

    @Test
    void clicked_links_and_the_last_mail_are_separate_columns() {
        long here = history.contact(new Random(4), 3_000_001);
        long there = history.contact(new Random(5), 3_000_002);
        List<Long> both = List.of(here, there);
        history.clicked(here, "url", RandomHistory.LINKS.getFirst(), daysAgo(10));
        history.clicked(there, "link", RandomHistory.LINKS.getLast(), daysAgo(2));
        history.sent(here, "SENT", daysAgo(40));
        history.sent(there, "FAILED", daysAgo(1));
        String clicked =
                "{\"field\":\"clicked\",\"op\":\"in\",\"value\":\"any\",\"link\":\"%s\"%s}";
        String mailed = "{\"field\":\"mailed\",\"op\":\"%s\",\"value\":\"any\"%s}";
        String lately = ",\"withinDays\":%d";
        assertThat(
                        among(
                                both,
                                Audience.json(
                                        clicked.formatted(RandomHistory.LINKS.getFirst(), ""))))
                .containsExactly(here);
        assertThat(among(both, Audience.json(clicked.formatted(RandomHistory.LINKS.getLast(), ""))))
                .containsExactly(there);
        assertThat(
                        among(
                                both,
                                Audience.json(
                                        clicked.formatted(
                                                RandomHistory.LINKS.getFirst(),
                                                lately.formatted(9)))))
                .isEmpty();
        assertThat(among(both, Audience.json(mailed.formatted("in", "")))).containsExactly(here);
        assertThat(among(both, Audience.json(mailed.formatted("notIn", lately.formatted(39)))))
                .containsExactly(here, there);
        assertThat(among(both, Audience.json(mailed.formatted("notIn", lately.formatted(41)))))
                .containsExactly(there);
    }

    @Test
    void a_change_that_commits_late_is_not_missed() throws Exception {
        SegmentIndex index = index();
        JsonNode late =
                Audience.json(
                        "{\"field\":\"city\",\"op\":\"in\",\"value\":[\"Slowville\",\"Quickville\"]}");
        assertThat(matching(index, late)).isEmpty();
        long slow = history.contact(new Random(1), 1_000_001);
        long quick = history.contact(new Random(2), 1_000_002);
        index.refresh();
        try (var connection = audience.database.owner().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE contact SET city = 'Slowville' WHERE id = " + slow);
            audience.inside(
                    () ->
                            audience.jdbc
                                    .sql(
                                            "UPDATE contact SET city = 'Quickville' WHERE id = "
                                                    + quick)
                                    .update());
            index.refresh();
            assertThat(matching(index, late)).containsExactly(quick);
            index.refresh();
            connection.commit();
        }
        index.refresh();
        assertThat(matching(index, late)).containsExactlyInAnyOrder(slow, quick);
    }

    @Test
    void a_rule_that_does_not_fit_into_memory_runs_as_sql() {
        JsonNode rule =
                Audience.json("{\"field\":\"attributes.plan\",\"op\":\"equals\",\"value\":\"a\"}");
        assertThat(asked(64L << 20, 1, rule)).isPresent();
        assertThat(asked(64L << 20, 1_000_000, rule)).as("few contacts").isEmpty();
        assertThat(asked(100, 1, rule)).as("hardly any memory").isEmpty();
        assertThat(asked(0, 1, rule)).as("no memory").isEmpty();
    }

    /** The thread that hangs holds the contacts, as a read without end would. */
    @Test
    void a_thread_that_hangs_is_replaced_and_nobody_waits_for_it() throws Exception {
        AtomicLong nanos = new AtomicLong();
        RoundMonitor monitor = new RoundMonitor(nanos::get, loop -> {}, null);
        SegmentIndexes indexes =
                new SegmentIndexes(
                        audience.jdbc,
                        audience.transactions,
                        Clock.fixed(Audience.NOW, ZoneOffset.UTC),
                        monitor,
                        64L << 20,
                        1);
        indexes.start();
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
                Connection owner = audience.database.owner().getConnection();
                Statement lock = owner.createStatement()) {
            assertThat(answer(indexes, "plan")).isPresent();
            owner.setAutoCommit(false);
            lock.execute("LOCK TABLE contact");
            var waiting = asking.submit(() -> answer(indexes, "city"));
            await().until(SegmentIndexTest::somebodyWaitsForALock);

            nanos.addAndGet(Duration.ofMinutes(6).toNanos());
            monitor.start();

            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEmpty();
            owner.rollback();
            await().until(() -> answer(indexes, "city").isPresent());
            assertThat(monitor.late()).isEmpty();
        } finally {
            monitor.stop();
            indexes.stop();
        }
    }

    private static boolean somebodyWaitsForALock() {
        return JdbcClient.create(audience.database.owner())
                .sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_stat_activity
                                        WHERE datname = current_database() AND wait_event_type = 'Lock')
                        """)
                .query(Boolean.class)
                .single();
    }

    private static Optional<SegmentIndex.Counted> answer(SegmentIndexes indexes, String attribute) {
        JsonNode rule =
                Audience.json(
                        "{\"field\":\"attributes.%s\",\"op\":\"equals\",\"value\":\"a\"}"
                                .formatted(attribute));
        return WorkspaceScope.call(
                audience.workspace,
                () -> indexes.ask(RuleReader.read(rule, Audience.NOW), 5, Duration.ofMinutes(5)));
    }

    private static Optional<SegmentIndex.Counted> asked(long budget, int few, JsonNode rule) {
        SegmentIndexes indexes =
                new SegmentIndexes(
                        audience.jdbc,
                        audience.transactions,
                        Clock.fixed(Audience.NOW, ZoneOffset.UTC),
                        new RoundMonitor(System::nanoTime, loop -> {}, null),
                        budget,
                        few);
        indexes.start();
        try {
            return WorkspaceScope.call(
                    audience.workspace,
                    () ->
                            indexes.ask(
                                    RuleReader.read(rule, Audience.NOW),
                                    5,
                                    Duration.ofSeconds(20)));
        } finally {
            indexes.stop();
        }
    }
}
