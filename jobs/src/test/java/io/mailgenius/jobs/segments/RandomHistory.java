package io.mailgenius.jobs.segments;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Random changes of an audience, and rules that depend on them. */
public final class RandomHistory {

    public static final List<String> LINKS =
            List.of("https://example.com/a", "https://example.com/b");
    private static final List<String> COLUMNS =
            List.of("delivered_at", "opened_at", "clicked_at", "bounced_at");

    private final Audience audience;
    final long list;
    public final long campaign;
    public final long other;

    public RandomHistory(Audience audience) {
        this.audience = audience;
        this.list = audience.list();
        this.campaign = audience.campaign();
        this.other = audience.campaign();
        JdbcClient.create(audience.database.owner())
                .sql("SELECT ensure_send_partition(:campaign), ensure_send_partition(:other)")
                .param("campaign", campaign)
                .param("other", other)
                .query((_, _) -> true)
                .list();
    }

    public long contact(Random random, int number) {
        return audience.contact("Contact" + number, columns(random));
    }

    private Map<String, Object> columns(Random random) {
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

    public void change(Random random, List<Long> contacts, int number) {
        switch (random.nextInt(7)) {
            case 0 -> contacts.add(contact(random, number));
            case 1 -> delete(contacts.remove(random.nextInt(contacts.size())));
            case 2, 3 -> update(random, RandomRule.pick(random, contacts));
            case 4 -> leave(random);
            default -> act(random, contacts);
        }
    }

    private void delete(long id) {
        inside("DELETE FROM contact WHERE id = " + id);
    }

    private void update(Random random, long id) {
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

    public void act(Random random, List<Long> contacts) {
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

    /** Removes a contact that is on the list, because removing another one would test nothing. */
    private void leave(Random random) {
        inside(
                """
                DELETE FROM list_member
                 WHERE contact_id = (SELECT m.contact_id FROM list_member m JOIN contact c ON c.id = m.contact_id
                                      ORDER BY (m.contact_id * %d) %% 1009, 1 LIMIT 1)
                """
                        .formatted(random.nextInt(1, 1009)));
    }

    public void sent(long id, String status, Instant at) {
        sent(campaign, id, status, at);
    }

    private void sent(long which, long id, String status, Instant at) {
        inside(
                """
                INSERT INTO send (workspace_id, campaign_id, contact_id, status, reason, recorded_at)
                VALUES (%d, %d, %d, '%s', 'because', '%s')
                ON CONFLICT (workspace_id, campaign_id, contact_id) DO UPDATE SET status = excluded.status
                """
                        .formatted(audience.workspace, which, id, status, at));
    }

    public void clicked(long id, String name, String link, Instant at) {
        clicked(campaign, id, name, link, at);
    }

    private void clicked(long which, long id, String name, String link, Instant at) {
        inside(
                """
                INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id, detail)
                VALUES (%d, '%s', %d, %d, 'CLICKED', gen_random_uuid()::text, '{"%s":"%s"}')
                """
                        .formatted(audience.workspace, at, which, id, name, link));
    }

    private void inside(String sql) {
        audience.inside(() -> audience.jdbc.sql(sql).update());
    }

    public JsonNode rule(Random random, int depth) {
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

    private JsonNode behaviour(Random random) {
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
}
