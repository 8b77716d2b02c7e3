package io.mailgenius.jobs.rules;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Parses the JSON of a rule. Invalid rules are rejected with the position of the error. Days are
 * calendar days of a time zone, relative to a given instant.
 */
public final class RuleReader {

    static final int MAX_DEPTH = 10;
    static final int MAX_CONDITIONS = 200;
    private static final int MAX_CHARACTERS = 1_000_000;

    private enum Group {
        ALL("all"),
        ANY("any"),
        NONE("none");

        final String word;

        Group(String word) {
            this.word = word;
        }
    }

    private final ConditionReader conditions;
    private int count;

    private RuleReader(Instant now, Supplier<ZoneId> zone) {
        // Truncates to microseconds, because PostgreSQL would round up and an index down.
        this.conditions =
                new ConditionReader(
                        now.truncatedTo(ChronoUnit.MICROS),
                        zone,
                        (json, at) -> rule(json, at, true));
    }

    public static Rule read(JsonNode json, Instant now) {
        return read(json, now, () -> ZoneOffset.UTC);
    }

    /**
     * @param zone called only for rules with dates or days
     */
    public static Rule read(JsonNode json, Instant now, Supplier<ZoneId> zone) {
        if (json.toString().length() > MAX_CHARACTERS) {
            throw RulePosition.ROOT.refuse(
                    "segment-rule-too-large",
                    "a rule has at most "
                            + MAX_CHARACTERS
                            + " characters; put the contacts on a list and ask for its members.");
        }
        return new RuleReader(now, zone).rule(json, RulePosition.ROOT, false);
    }

    /**
     * @param ofProperties whether it is about properties of an activity
     */
    private Rule rule(JsonNode json, RulePosition at, boolean ofProperties) {
        if (!json.isObject()) {
            throw at.refuse(
                    "invalid-segment-rule",
                    "found "
                            + Operand.found(json)
                            + ", needed a condition such as"
                            + " {\"field\":\"city\",\"op\":\"equals\",\"value\":\"Oslo\"} or a group"
                            + " such as {\"all\":[…]}.");
        }
        for (Group group : Group.values()) {
            if (json.has(group.word)) {
                return group(json, group, at, ofProperties);
            }
        }
        if (++count > MAX_CONDITIONS) {
            throw at.refuse(
                    "segment-rule-too-large",
                    "a rule has at most "
                            + MAX_CONDITIONS
                            + " conditions; use in for many values.");
        }
        return conditions.read(json, at, ofProperties);
    }

    private Rule group(JsonNode json, Group group, RulePosition at, boolean ofProperties) {
        if (json.size() != 1) {
            throw at.refuse(
                    "invalid-segment-rule",
                    "a group has one key, found "
                            + String.join(", ", json.propertyNames())
                            + "; nest one group inside the other.");
        }
        if (at.depth() >= MAX_DEPTH) {
            throw at.refuse("segment-rule-too-deep", "groups nest at most " + MAX_DEPTH + " deep.");
        }
        JsonNode members = json.path(group.word);
        if (!members.isArray()) {
            throw at.refuse(
                    "invalid-segment-rule",
                    group.word + " needs an array of rules, found " + Operand.found(members) + ".");
        }
        if (members.isEmpty()) {
            throw at.refuse(
                    "empty-segment-group",
                    group.word + " is empty; put a condition in, or leave the group out.");
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            rules.add(rule(members.path(i), at.child(group.word, i), ofProperties));
        }
        return switch (group) {
            case ALL -> new Rule.All(List.copyOf(rules));
            case ANY -> new Rule.Any(List.copyOf(rules));
            case NONE -> new Rule.None(List.copyOf(rules));
        };
    }
}
