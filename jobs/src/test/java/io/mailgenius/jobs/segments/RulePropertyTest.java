package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Compiled rules match the same contacts in PostgreSQL as the reference implementation. */
class RulePropertyTest {

    private static final int RULES = 600;
    private static final int CONTACTS = 60;

    @Test
    void the_compiled_rule_matches_the_same_contacts_as_the_reference() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RulePropertyTest: repeat with -Dseed=" + seed);
        Random random = new Random(seed);
        try (Audience audience = new Audience()) {
            Map<Long, ReferenceRule> readings = contacts(audience, random);
            int found = 0;
            for (int i = 0; i < RULES; i++) {
                JsonNode rule = new RandomRule(random, audience).rule(random.nextInt(4));
                List<Long> expected =
                        readings.keySet().stream()
                                .filter(id -> readings.get(id).meets(rule))
                                .sorted(Comparator.naturalOrder())
                                .toList();
                assertThat(audience.matching(rule))
                        .as("seed %d, rule %s", seed, rule)
                        .isEqualTo(expected);
                found += expected.isEmpty() || expected.size() == CONTACTS ? 0 : 1;
            }
            // Rules that match no contact or all contacts would prove little.
            assertThat(found)
                    .as("seed %d: rules that tell contacts apart", seed)
                    .isGreaterThan(RULES / 3);
        }
    }

    private static Map<Long, ReferenceRule> contacts(Audience audience, Random random) {
        Map<Long, ReferenceRule> readings = new HashMap<>();
        for (int i = 0; i < CONTACTS; i++) {
            ObjectNode attributes = Audience.MAPPER.createObjectNode();
            for (String name : RandomRule.ATTRIBUTES) {
                if (random.nextInt(4) > 0) {
                    attributes.set(name, anything(random));
                }
            }
            Map<String, Object> columns = new HashMap<>();
            columns.put("attributes", attributes.toString());
            columns.put("created_at", RandomRule.instant(random));
            columns.put("status", RandomRule.pick(random, RandomRule.STATUSES));
            if (random.nextBoolean()) {
                columns.put("city", random.nextInt(6) == 0 ? "" : RandomRule.text(random));
            }
            long id = audience.contact("Contact" + i, columns);
            readings.put(id, new ReferenceRule("Contact" + i, columns, attributes));
        }
        return readings;
    }

    private static JsonNode anything(Random random) {
        var nodes = Audience.MAPPER.getNodeFactory();
        return switch (random.nextInt(9)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.stringNode(random.nextBoolean() ? "true" : "FALSE");
            case 3, 4 -> nodes.numberNode(RandomRule.number(random));
            case 5 -> nodes.stringNode(RandomRule.number(random).toString());
            case 6 -> nodes.stringNode(RandomRule.dateText(random));
            case 7 -> {
                ArrayNode array = nodes.arrayNode();
                array.add(RandomRule.text(random));
                yield array;
            }
            default -> nodes.stringNode(RandomRule.text(random));
        };
    }
}
