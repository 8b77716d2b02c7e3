package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whom the index finds is whom PostgreSQL finds, whatever has happened since it was built. */
class SegmentIndexTest {

    private static final int CONTACTS = 60;
    private static final int ROUNDS = 12;
    private static final int RULES_A_ROUND = 20;
    private static final List<String> LINKS =
            List.of("https://example.com/a", "https://example.com/b");
    private static final List<String> COLUMNS =
            List.of("delivered_at", "opened_at", "clicked_at", "bounced_at");

    private static Audience audience;
    private static long list;
    private static long campaign;
    private static long other;

    @BeforeAll
    static void a_workspace() {
        audience = new Audience();
        list = audience.list();
        campaign = audience.campaign();
        other = audience.campaign();
        owner("SELECT ensure_send_partition(%d), ensure_send_partition(%d)", campaign, other);
    }

    @AfterAll
    static void close() {
        audience.close();
    }

    private static void owner(String sql, Object... values) {
        JdbcClient.create(audience.database.owner())
                .sql(sql.formatted(values))
                .query((_, _) -> true)
                .list();
    }

    private static SegmentIndex index() {
        return new SegmentIndex(
                audience.jdbc,
                new TransactionTemplate(audience.transactions),
                Clock.fixed(Audience.NOW, ZoneOffset.UTC),
                audience.workspace);
    }

    @Test
    void the_index_means_whom_postgresql_means_after_any_changes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SegmentIndexTest: repeat with -Dseed=" + seed);
        Random random = new Random(seed);
        List<Long> contacts = new ArrayList<>();
        for (int i = 0; i < CONTACTS; i++) {
            contacts.add(contact(random, i));
            act(random, contacts);
        }
        SegmentIndex index = index();
        int told = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < RULES_A_ROUND; i++) {
                JsonNode rule = rule(random, random.nextInt(3));
                Set<Long> expected = new TreeSet<>(audience.meant(rule));
                assertThat(meant(index, rule))
                        .as("seed %d, round %d, rule %s", seed, round, rule)
                        .isEqualTo(expected);
                told += expected.isEmpty() || expected.size() == contacts.size() ? 0 : 1;
            }
            for (int i = 0; i < 12; i++) {
                change(random, contacts, CONTACTS + 100 * round + i);
            }
            assertThat(index.refresh()).isTrue();
        }
        assertThat(told)
                .as("seed %d: rules that tell contacts apart", seed)
                .isGreaterThan(ROUNDS * RULES_A_ROUND / 3);
    }

    private static Set<Long> meant(SegmentIndex index, JsonNode json) {
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

    private static JsonNode rule(Random random, int depth) {
        RandomRule rules = new RandomRule(random, audience);
        if (depth == 0) {
            return random.nextInt(3) > 0 ? behaviour(random) : rules.rule(random.nextInt(2));
        }
        ObjectNode group = Audience.MAPPER.createObjectNode();
        var members = Audience.MAPPER.createArrayNode();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            members.add(rule(random, random.nextInt(depth)));
        }
        group.set(RandomRule.pick(random, List.of("all", "any", "none")), members);
        return group;
    }

    private static JsonNode behaviour(Random random) {
        int days = random.nextInt(1, 5);
        String op = RandomRule.pick(random, List.of("in", "notIn"));
        String which =
                RandomRule.pick(
                        random,
                        List.of(
                                "\"any\"",
                                Long.toString(campaign),
                                "[" + campaign + "," + other + "]"));
        String within = random.nextBoolean() ? "" : ",\"withinDays\":" + days;
        return Audience.json(
                switch (random.nextInt(5)) {
                    case 0 ->
                            "{\"field\":\"list\",\"op\":\"%s\",\"value\":%d}"
                                    .formatted(
                                            RandomRule.pick(
                                                    random, List.of("memberOf", "notMemberOf")),
                                            list);
                    case 1 ->
                            "{\"field\":\"clicked\",\"op\":\"%s\",\"value\":%s,\"link\":\"%s\"%s}"
                                    .formatted(op, which, RandomRule.pick(random, LINKS), within);
                    case 2 ->
                            "{\"field\":\"score\",\"op\":\"%s\",\"value\":%d}"
                                    .formatted(
                                            RandomRule.pick(
                                                    random,
                                                    List.of(
                                                            "greaterThan",
                                                            "greaterOrEqual",
                                                            "lessThan",
                                                            "lessOrEqual")),
                                            RandomRule.pick(
                                                    random, List.of(0, 9, 10, 25, 30, 100)));
                    default ->
                            "{\"field\":\"%s\",\"op\":\"%s\",\"value\":%s%s}"
                                    .formatted(
                                            RandomRule.pick(
                                                    random,
                                                    List.of(
                                                            "mailed",
                                                            "opened",
                                                            "clicked",
                                                            "bounced",
                                                            "delivered")),
                                            op,
                                            which,
                                            within);
                });
    }

    private static long contact(Random random, int number) {
        return audience.contact("Contact" + number, columns(random));
    }

    private static Map<String, Object> columns(Random random) {
        Map<String, Object> columns = new HashMap<>();
        ObjectNode attributes = Audience.MAPPER.createObjectNode();
        for (String name : RandomRule.ATTRIBUTES) {
            switch (random.nextInt(5)) {
                case 0 -> attributes.put(name, RandomRule.number(random));
                case 1 -> attributes.put(name, RandomRule.dateText(random));
                case 2 -> attributes.put(name, RandomRule.text(random));
                case 3 -> attributes.put(name, random.nextInt(40) == 0 ? "1e-9" : "true");
                default -> {}
            }
        }
        columns.put("attributes", attributes.toString());
        columns.put("created_at", RandomRule.instant(random));
        columns.put("status", RandomRule.pick(random, RandomRule.STATUSES));
        if (random.nextBoolean()) {
            columns.put("city", random.nextInt(6) == 0 ? "" : RandomRule.text(random));
        }
        return columns;
    }

    private static void change(Random random, List<Long> contacts, int number) {
        switch (random.nextInt(7)) {
            case 0 -> contacts.add(contact(random, number));
            case 1 -> delete(contacts.remove(random.nextInt(contacts.size())));
            case 2, 3 -> update(random, RandomRule.pick(random, contacts));
            case 4 -> leave(random);
            default -> act(random, contacts);
        }
    }

    private static void delete(long id) {
        inside("DELETE FROM contact WHERE id = " + id);
    }

    private static void update(Random random, long id) {
        Map<String, Object> columns = columns(random);
        audience.inside(
                () ->
                        audience.jdbc
                                .sql(
                                        """
                                        UPDATE contact
                                           SET attributes = CAST(:attributes AS jsonb), status = :status,
                                               created_at = CAST(:created_at AS timestamptz), city = :city
                                         WHERE id = :id
                                        """)
                                .param("city", columns.getOrDefault("city", ""))
                                .param("attributes", columns.get("attributes"))
                                .param("status", columns.get("status"))
                                .param("created_at", columns.get("created_at"))
                                .param("id", id)
                                .update());
    }

    private static void act(Random random, List<Long> contacts) {
        long id = RandomRule.pick(random, contacts);
        long which = random.nextBoolean() ? campaign : other;
        String at = RandomRule.instant(random);
        switch (random.nextInt(5)) {
            case 0 ->
                    inside(
                            "INSERT INTO list_member (workspace_id, list_id, contact_id) VALUES (%d, %d, %d) ON CONFLICT DO NOTHING"
                                    .formatted(audience.workspace, list, id));
            case 1 -> sent(which, id, random.nextBoolean() ? "SENT" : "FAILED", Instant.parse(at));
            case 2 ->
                    clicked(
                            which,
                            id,
                            random.nextBoolean() ? "url" : "link",
                            RandomRule.pick(random, LINKS),
                            Instant.parse(at));
            default ->
                    audience.engaged(
                            which, id, RandomRule.pick(random, COLUMNS), Instant.parse(at));
        }
    }

    /** One that is on the list: whoever is not would leave nothing to notice. */
    private static void leave(Random random) {
        inside(
                """
                DELETE FROM list_member
                 WHERE contact_id = (SELECT m.contact_id FROM list_member m JOIN contact c ON c.id = m.contact_id
                                      ORDER BY (m.contact_id * %d) %% 1009, 1 LIMIT 1)
                """
                        .formatted(random.nextInt(1, 1009)));
    }

    private static void sent(long id, String status, Instant at) {
        sent(campaign, id, status, at);
    }

    private static void sent(long which, long id, String status, Instant at) {
        inside(
                """
                INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, recorded_at)
                VALUES (%d, %d, %d, '%s', 'because', '%s')
                ON CONFLICT (workspace_id, campaign_id, contact_id) DO UPDATE SET status = excluded.status
                """
                        .formatted(audience.workspace, which, id, status, at));
    }

    private static void clicked(long id, String name, String link, Instant at) {
        clicked(campaign, id, name, link, at);
    }

    private static void clicked(long which, long id, String name, String link, Instant at) {
        inside(
                """
                INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id, detail)
                VALUES (%d, '%s', %d, %d, 'CLICKED', gen_random_uuid()::text, '{"%s":"%s"}')
                """
                        .formatted(audience.workspace, at, which, id, name, link));
    }

    private static void inside(String sql) {
        audience.inside(() -> audience.jdbc.sql(sql).update());
    }

    @Test
    void points_halve_in_thirty_days_and_end_at_a_hundred() {
        long opened = contact(new Random(1), 2_000_001);
        long clicked = contact(new Random(2), 2_000_002);
        long silent = contact(new Random(3), 2_000_003);
        List<Long> three = List.of(opened, clicked, silent);
        // 10 a month ago; 20 and 10 just now, and 20 two months ago.
        audience.engaged(campaign, opened, "opened_at", daysAgo(30));
        audience.engaged(campaign, clicked, "opened_at", daysAgo(0));
        audience.engaged(campaign, clicked, "clicked_at", daysAgo(0));
        audience.engaged(other, clicked, "clicked_at", daysAgo(60));
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
        return audience.meant(rule).stream().filter(contacts::contains).toList();
    }

    @Test
    void which_link_was_clicked_and_when_the_last_mail_went_out_is_told_apart() {
        long here = contact(new Random(4), 3_000_001);
        long there = contact(new Random(5), 3_000_002);
        List<Long> both = List.of(here, there);
        clicked(here, "url", LINKS.getFirst(), daysAgo(10));
        clicked(there, "link", LINKS.getLast(), daysAgo(2));
        sent(here, "SENT", daysAgo(40));
        sent(there, "FAILED", daysAgo(1));
        String clicked =
                "{\"field\":\"clicked\",\"op\":\"in\",\"value\":\"any\",\"link\":\"%s\"%s}";
        String mailed = "{\"field\":\"mailed\",\"op\":\"%s\",\"value\":\"any\"%s}";
        String lately = ",\"withinDays\":%d";
        assertThat(among(both, Audience.json(clicked.formatted(LINKS.getFirst(), ""))))
                .containsExactly(here);
        assertThat(among(both, Audience.json(clicked.formatted(LINKS.getLast(), ""))))
                .containsExactly(there);
        assertThat(
                        among(
                                both,
                                Audience.json(
                                        clicked.formatted(LINKS.getFirst(), lately.formatted(9)))))
                .isEmpty();
        assertThat(among(both, Audience.json(mailed.formatted("in", "")))).containsExactly(here);
        assertThat(among(both, Audience.json(mailed.formatted("notIn", lately.formatted(39)))))
                .containsExactly(here, there);
        assertThat(among(both, Audience.json(mailed.formatted("notIn", lately.formatted(41)))))
                .containsExactly(there);
    }

    @Test
    void a_change_that_commits_later_than_younger_ones_is_not_missed() throws Exception {
        SegmentIndex index = index();
        JsonNode late =
                Audience.json(
                        "{\"field\":\"city\",\"op\":\"in\",\"value\":[\"Slowville\",\"Quickville\"]}");
        assertThat(meant(index, late)).isEmpty();
        long slow = contact(new Random(1), 1_000_001);
        long quick = contact(new Random(2), 1_000_002);
        index.refresh();
        try (var connection = audience.database.owner().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE contact SET city = 'Slowville' WHERE id = " + slow);
            inside("UPDATE contact SET city = 'Quickville' WHERE id = " + quick);
            index.refresh();
            assertThat(meant(index, late)).containsExactly(quick);
            index.refresh();
            connection.commit();
        }
        index.refresh();
        assertThat(meant(index, late)).containsExactlyInAnyOrder(slow, quick);
    }

    @Test
    void what_does_not_fit_into_the_memory_is_asked_of_the_contacts() {
        JsonNode rule =
                Audience.json("{\"field\":\"attributes.plan\",\"op\":\"equals\",\"value\":\"a\"}");
        assertThat(asked(64L << 20, 1, rule)).isPresent();
        assertThat(asked(64L << 20, 1_000_000, rule)).as("few contacts").isEmpty();
        assertThat(asked(100, 1, rule)).as("hardly any memory").isEmpty();
        assertThat(asked(0, 1, rule)).as("no memory").isEmpty();
    }

    private static Optional<SegmentIndex.Counted> asked(long budget, int few, JsonNode rule) {
        SegmentIndexes indexes =
                new SegmentIndexes(
                        audience.jdbc,
                        audience.transactions,
                        Clock.fixed(Audience.NOW, ZoneOffset.UTC),
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
