package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.contacts.NormalizedText;
import io.mailgenius.jobs.rules.Field.Attribute;
import io.mailgenius.jobs.rules.Field.Column;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Parses one condition: field, type, operator and value. */
final class ConditionReader {

    private static final String ATTRIBUTES = "attributes.";
    private static final String PROPERTY = "properties.";
    private static final String LIST = "list";
    static final String SCORE = "score";
    private static final int MAX_NAME = 200;
    private static final Set<String> PROPERTIES =
            Set.of(
                    "field",
                    "op",
                    "value",
                    "type",
                    "withinDays",
                    "ignoreCase",
                    "link",
                    "name",
                    "measure",
                    "currency",
                    "where");
    private static final Map<String, FieldType> TYPES =
            Map.of(
                    "text", FieldType.TEXT,
                    "number", FieldType.NUMBER,
                    "date", FieldType.DATE,
                    "boolean", FieldType.BOOLEAN);

    private final Instant now;
    private final Supplier<ZoneId> zone;
    private final ActivityCondition.PropertyRules propertyRules;
    private @Nullable CalendarDays days;

    /**
     * @param propertyRules reads a rule about properties of activities
     */
    ConditionReader(
            Instant now, Supplier<ZoneId> zone, ActivityCondition.PropertyRules propertyRules) {
        this.now = now;
        this.zone = zone;
        this.propertyRules = propertyRules;
    }

    private CalendarDays days() {
        if (days == null) {
            days = new CalendarDays(now, zone.get());
        }
        return days;
    }

    /**
     * @param ofProperties whether the fields are properties of an activity
     */
    Rule read(JsonNode json, RulePosition at, boolean ofProperties) {
        for (String property : json.propertyNames()) {
            if (!PROPERTIES.contains(property)) {
                throw at.refuse(
                        "unknown-segment-property",
                        "a condition has no "
                                + quoted(property)
                                + "."
                                + Suggestion.instead(property, PROPERTIES)
                                + " A group is one of all, any, none.");
            }
        }
        String name = property(json, "field", at);
        String op = property(json, "op", at);
        Operator operator = Operator.BY_NAME.get(op);
        if (operator == null) {
            throw at.refuse(
                    "unknown-segment-operator",
                    "there is no operator "
                            + quoted(op)
                            + "."
                            + Suggestion.instead(op, Operator.BY_NAME.keySet()));
        }
        if (ofProperties) {
            return compared(json, property(name, at), operator, at);
        }
        if (name.equals(ActivityCondition.FIELD)) {
            return activity(json, operator, at);
        }
        if (name.equals(LIST)) {
            return onList(json, operator, at);
        }
        if (name.equals(SCORE)) {
            return score(json, operator, at);
        }
        Engagement engagement = Engagement.BY_NAME.get(name);
        if (engagement != null) {
            return engaged(json, engagement, operator, at);
        }
        return compared(json, field(name, at), operator, at);
    }

    private static String property(JsonNode json, String property, RulePosition at) {
        JsonNode word = json.path(property);
        if (!word.isString()) {
            throw at.refuse(
                    "invalid-segment-rule",
                    "a condition needs "
                            + property
                            + ", a text in quotes; found "
                            + Operand.found(word)
                            + ".");
        }
        return word.stringValue();
    }

    private static Rule onList(JsonNode json, Operator operator, RulePosition at) {
        fits(operator, FieldType.LIST, LIST, at);
        rejectUnknown(json, Set.of("value"), "the field " + LIST, at);
        Rule member = new Rule.OnList(value(json, at).id("list"));
        return operator == Operator.MEMBER_OF ? member : not(member);
    }

    private Rule score(JsonNode json, Operator operator, RulePosition at) {
        fits(operator, FieldType.SCORE, SCORE, at);
        rejectUnknown(json, Set.of("value"), "the field " + SCORE, at);
        return new EngagementScore(now).compared(operator, value(json, at));
    }

    private Rule engaged(JsonNode json, Engagement engagement, Operator operator, RulePosition at) {
        fits(operator, FieldType.ENGAGEMENT, engagement.word, at);
        Set<String> taken = new TreeSet<>(Set.of("value", "withinDays"));
        if (engagement == Engagement.CLICKED) {
            taken.add("link");
        }
        rejectUnknown(json, taken, "the field " + engagement.word, at);
        Optional<Instant> since = Optional.empty();
        if (json.has("withinDays")) {
            int back = new Operand(json.path("withinDays"), "withinDays", at).days();
            since = Optional.of(days().start(-back));
        }
        Optional<String> link =
                json.has("link")
                        ? Optional.of(new Operand(json.path("link"), "link", at).exactText())
                        : Optional.empty();
        Rule engaged = new Rule.Engaged(engagement, campaigns(json, at), since, link);
        return operator == Operator.IN ? engaged : not(engaged);
    }

    private static List<Long> campaigns(JsonNode json, RulePosition at) {
        Operand value = value(json, at);
        if (value.json().isString()) {
            if (value.json().stringValue().equals("any")) {
                return List.of();
            }
            throw value.needs("\"any\", the id of a campaign, or an array of such ids");
        }
        List<Operand> ids = value.json().isArray() ? value.several() : List.of(value);
        return ids.stream().map(id -> id.id("campaign")).toList();
    }

    private Rule activity(JsonNode json, Operator operator, RulePosition at) {
        ActivityCondition condition =
                new ActivityCondition(json, at, back -> days().start(-back), propertyRules);
        ActivityMeasure measure = condition.measure();
        fits(operator, measure.type, ActivityCondition.FIELD, at);
        rejectUnknown(
                json,
                condition.taken(operator, measure),
                operator.word + " on the " + measure.word + " of activities",
                at);
        Field.Activities field = condition.field(measure);
        return new FieldComparison(field, measure.type, false, value(json, at), this::days)
                .by(operator);
    }

    private static Field property(String name, RulePosition at) {
        if (!name.startsWith(PROPERTY)
                || name.length() == PROPERTY.length()
                || name.length() > PROPERTY.length() + MAX_NAME) {
            throw at.refuse(
                    "unknown-segment-field",
                    "where asks for properties of the activity, written \"properties.<name>\"; found "
                            + quoted(name)
                            + ".");
        }
        return new Field.Property(Operand.storable(name.substring(PROPERTY.length()), "field", at));
    }

    private Rule compared(JsonNode json, Field field, Operator operator, RulePosition at) {
        String name = json.path("field").stringValue("");
        FieldType type =
                switch (field) {
                    case Column column -> column.type;
                    case Attribute _, Field.Property _ -> type(json, operator, at);
                    case Field.LogScore _, Field.Activities _ ->
                            throw new IllegalStateException("Not compared as it is named");
                };
        fits(operator, type, name, at);
        Set<String> extra = new TreeSet<>();
        if (operator != Operator.EXISTS && operator != Operator.NOT_EXISTS) {
            extra.add("value");
        }
        if (field instanceof Attribute || field instanceof Field.Property) {
            extra.add("type");
        }
        if (type == FieldType.TEXT && extra.contains("value")) {
            extra.add("ignoreCase");
        }
        rejectUnknown(json, extra, operator.word + " on " + type.noun, at);
        boolean ignoreCase =
                json.has("ignoreCase")
                        && new Operand(json.path("ignoreCase"), "ignoreCase", at).truth();
        return new FieldComparison(field, type, ignoreCase, value(json, at), this::days)
                .by(operator);
    }

    private static Field field(String name, RulePosition at) {
        Column column = Column.BY_NAME.get(name);
        if (column != null) {
            return column;
        }
        if (name.startsWith(ATTRIBUTES) && name.length() > ATTRIBUTES.length()) {
            String attribute = name.substring(ATTRIBUTES.length());
            if (attribute.length() > MAX_NAME) {
                throw at.refuse(
                        "unknown-segment-field",
                        "the name of an attribute has at most " + MAX_NAME + " characters.");
            }
            return new Attribute(NormalizedText.of(Operand.storable(attribute, "field", at)));
        }
        List<String> words =
                Stream.of(
                                Column.BY_NAME.keySet(),
                                Engagement.BY_NAME.keySet(),
                                Set.of(LIST, SCORE, ActivityCondition.FIELD))
                        .flatMap(Collection::stream)
                        .toList();
        String attribute = name.substring(name.indexOf('.') + 1);
        throw at.refuse(
                "unknown-segment-field",
                "there is no field "
                        + quoted(name)
                        + "."
                        + Suggestion.instead(name, words)
                        + " An attribute of your own is written "
                        + quoted(ATTRIBUTES + (attribute.isEmpty() ? "<name>" : attribute))
                        + ".");
    }

    /**
     * The explicit type; else the type that the operator implies; else the type of the JSON value.
     */
    private static FieldType type(JsonNode json, Operator operator, RulePosition at) {
        if (json.has("type")) {
            String word = property(json, "type", at);
            FieldType type = TYPES.get(word);
            if (type == null) {
                throw at.refuse(
                        "unfit-segment-value",
                        "there is no type "
                                + quoted(word)
                                + "."
                                + Suggestion.instead(word, TYPES.keySet()));
            }
            return type;
        }
        for (FieldType type : TYPES.values()) {
            if (type.own.contains(operator)) {
                return type;
            }
        }
        JsonNode value = json.path("value");
        JsonNode sample = value.isArray() && !value.isEmpty() ? value.path(0) : value;
        if (sample.isNumber()) {
            return FieldType.NUMBER;
        }
        if (sample.isBoolean()) {
            return FieldType.BOOLEAN;
        }
        return operator == Operator.BETWEEN ? FieldType.DATE : FieldType.TEXT;
    }

    private static void fits(Operator operator, FieldType type, String name, RulePosition at) {
        if (!type.operators.contains(operator)) {
            throw at.refuse(
                    "unfit-segment-operator",
                    operator.word
                            + " is not an operator of "
                            + Suggestion.shortened(name)
                            + ", which is "
                            + type.noun
                            + ". Allowed: "
                            + String.join(", ", type.operators.stream().map(o -> o.word).toList())
                            + ".");
        }
    }

    /**
     * Rejects unknown properties, because ignoring one would make the condition mean something else
     * than intended.
     */
    private static void rejectUnknown(
            JsonNode json, Set<String> taken, String by, RulePosition at) {
        List<String> extra = new ArrayList<>(json.propertyNames());
        extra.removeAll(Set.of("field", "op"));
        extra.removeAll(taken);
        if (!extra.isEmpty()) {
            throw at.refuse(
                    "unknown-segment-property",
                    by + " takes no " + String.join(", ", extra) + "; leave it out.");
        }
    }

    private static Operand value(JsonNode json, RulePosition at) {
        return new Operand(json.path("value"), "value", at);
    }

    private static Rule not(Rule rule) {
        return new Rule.None(List.of(rule));
    }

    private static String quoted(String word) {
        return '"' + Suggestion.shortened(word) + '"';
    }
}
