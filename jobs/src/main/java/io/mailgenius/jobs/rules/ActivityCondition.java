package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.contacts.NormalizedText;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Parses which activities a condition on the field {@code activity} is about.
 *
 * @param daysAgo the start of the day so many days ago
 * @param properties parses a rule about properties
 */
record ActivityCondition(
        JsonNode json, RulePosition at, IntFunction<Instant> daysAgo, PropertyRules properties) {

    static final String FIELD = "activity";
    private static final int MAX_NAME = 100;
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    /** Reads the rule of {@code where}. */
    interface PropertyRules {
        Rule read(JsonNode json, RulePosition at);
    }

    ActivityMeasure measure() {
        if (!json.has("measure")) {
            return ActivityMeasure.COUNT;
        }
        String word = operand("measure").exactText();
        ActivityMeasure measure = ActivityMeasure.BY_NAME.get(word);
        if (measure == null) {
            throw at.refuse(
                    "unfit-segment-value",
                    "there is no measure \""
                            + Suggestion.shortened(word)
                            + "\"."
                            + Suggestion.instead(word, ActivityMeasure.BY_NAME.keySet()));
        }
        return measure;
    }

    /** The operators that need the existence alone ask for it as a number of at least one. */
    Set<String> taken(Operator operator, ActivityMeasure measure) {
        Set<String> taken = new TreeSet<>(Set.of("name", "measure", "withinDays", "where"));
        if (operator != Operator.EXISTS && operator != Operator.NOT_EXISTS) {
            taken.add("value");
        }
        if (measure == ActivityMeasure.SUM) {
            taken.add("currency");
        }
        return taken;
    }

    Field.Activities field(ActivityMeasure measure) {
        String name = NormalizedText.of(operand("name").exactText());
        if (name.length() > MAX_NAME) {
            throw operand("name").needs("a text of at most " + MAX_NAME + " characters");
        }
        return new Field.Activities(
                name,
                measure,
                measure == ActivityMeasure.SUM ? Optional.of(currency()) : Optional.empty(),
                json.has("withinDays")
                        ? Optional.of(daysAgo.apply(operand("withinDays").days()))
                        : Optional.empty(),
                json.has("where")
                        ? Optional.of(properties.read(json.path("where"), at.child("where", 0)))
                        : Optional.empty());
    }

    /** Amounts of several currencies have no sum. */
    private String currency() {
        Operand currency = operand("currency");
        String code = currency.exactText();
        if (!CURRENCY.matcher(code).matches()) {
            throw currency.needs(
                    "the code of a currency in three capital letters, such as \"EUR\"");
        }
        return code;
    }

    private Operand operand(String name) {
        return new Operand(json.path(name), name, at);
    }
}
