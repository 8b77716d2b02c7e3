package io.mailgenius.jobs.segments;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Valid random rules over few values, so that they match some contacts and not others. */
public record RandomRule(Random random, Audience audience) {

    static final List<String> ATTRIBUTES = List.of("plan", "a.b", "it's", "x%_");
    public static final List<String> STATUSES = List.of("SUBSCRIBED", "PENDING", "UNSUBSCRIBED");
    private static final List<String> TEXTS =
            List.of("a", "A", "ab", "Ab", "b_", "a%b", "'", "\\", "true", "7", "%", "ba", "é");
    private static final JsonNodeFactory NODES = Audience.MAPPER.getNodeFactory();

    public static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    static String text(Random random) {
        return pick(random, TEXTS) + (random.nextBoolean() ? "" : pick(random, TEXTS));
    }

    static BigDecimal number(Random random) {
        return BigDecimal.valueOf(random.nextInt(-20, 21), random.nextInt(-1, 2));
    }

    static String instant(Random random) {
        return Audience.NOW.plus(Duration.ofHours(6L * random.nextInt(-16, 17))).toString();
    }

    /** Date texts of attributes, some of them invalid. */
    static String dateText(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "2026-02-29";
            case 1 -> instant(random).replace("Z", "+05:30");
            case 2 -> instant(random).replace("T", " ").replace("Z", "");
            case 3 -> instant(random);
            default -> instant(random).substring(0, 10);
        };
    }

    JsonNode rule(int depth) {
        if (depth == 0) {
            return condition();
        }
        ArrayNode members = NODES.arrayNode();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            members.add(rule(random.nextInt(depth)));
        }
        ObjectNode group = NODES.objectNode();
        group.set(pick(random, List.of("all", "any", "none")), members);
        return group;
    }

    private JsonNode condition() {
        return switch (random.nextInt(8)) {
            case 0 -> with("status", c -> oneOf(c, () -> NODES.stringNode(pick(random, STATUSES))));
            case 1 -> with("createdAt", this::date);
            case 2 -> with("city", this::text);
            case 3, 4 -> with(attribute("text"), this::text);
            case 5 -> with(attribute("number"), this::number);
            case 6 -> with(attribute("date"), this::date);
            default ->
                    with(
                            attribute("boolean"),
                            c -> {
                                c.put("op", pick(random, List.of("equals", "notEquals")));
                                c.put("value", random.nextBoolean());
                            });
        };
    }

    private String attribute(String type) {
        return "attributes." + pick(random, ATTRIBUTES) + "|" + type;
    }

    private static JsonNode with(String fieldAndType, Consumer<ObjectNode> rest) {
        ObjectNode condition = NODES.objectNode();
        String[] parts = fieldAndType.split("\\|");
        condition.put("field", parts[0]);
        if (parts.length > 1) {
            condition.put("type", parts[1]);
        }
        rest.accept(condition);
        return condition;
    }

    private void oneOf(ObjectNode condition, Supplier<JsonNode> value) {
        String op = pick(random, List.of("equals", "notEquals", "in", "notIn"));
        condition.put("op", op);
        if (op.endsWith("quals")) {
            condition.set("value", value.get());
        } else {
            ArrayNode values = NODES.arrayNode();
            values.addAll(Stream.generate(value).limit(random.nextInt(1, 4)).toList());
            condition.set("value", values);
        }
    }

    private void text(ObjectNode condition) {
        switch (random.nextInt(3)) {
            case 0 -> condition.put("op", pick(random, List.of("exists", "notExists")));
            case 1 -> {
                oneOf(condition, () -> NODES.stringNode(text(random)));
                condition.put("ignoreCase", random.nextBoolean());
            }
            default -> {
                condition.put(
                        "op",
                        pick(random, List.of("contains", "notContains", "startsWith", "endsWith")));
                condition.put("value", text(random));
                condition.put("ignoreCase", random.nextBoolean());
            }
        }
    }

    private void number(ObjectNode condition) {
        switch (random.nextInt(3)) {
            case 0 -> oneOf(condition, () -> NODES.numberNode(number(random)));
            case 1 -> {
                condition.put("op", "between");
                condition.set("value", ordered(number(random), number(random)));
            }
            default -> {
                condition.put(
                        "op",
                        pick(
                                random,
                                List.of(
                                        "greaterThan",
                                        "greaterOrEqual",
                                        "lessThan",
                                        "lessOrEqual")));
                condition.put("value", number(random));
            }
        }
    }

    private static ArrayNode ordered(BigDecimal a, BigDecimal b) {
        return NODES.arrayNode().add(a.min(b)).add(a.max(b));
    }

    private void date(ObjectNode condition) {
        Supplier<String> date =
                () -> random.nextBoolean() ? instant(random) : instant(random).substring(0, 10);
        switch (random.nextInt(4)) {
            case 0 -> oneOf(condition, () -> NODES.stringNode(date.get()));
            case 1 -> {
                condition.put(
                        "op",
                        pick(random, List.of("withinDays", "withinNextDays", "olderThanDays")));
                condition.put("value", random.nextInt(1, 5));
            }
            case 2 -> {
                Instant from = Instant.parse(instant(random));
                condition.put("op", "between");
                condition.set(
                        "value",
                        NODES.arrayNode()
                                .add(from.toString())
                                .add(from.plus(Duration.ofHours(30)).toString()));
            }
            default -> {
                condition.put(
                        "op", pick(random, List.of("before", "after", "onOrBefore", "onOrAfter")));
                condition.put("value", date.get());
            }
        }
    }
}
