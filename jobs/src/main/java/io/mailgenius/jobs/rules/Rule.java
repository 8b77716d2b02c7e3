package io.mailgenius.jobs.rules;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A parsed segment rule. All conditions are positive: {@code notEquals} and other negative
 * operators are parsed as {@link None} of their opposite. Missing values are therefore handled in
 * one place: a condition on a missing value is not true, and {@code None} of it is.
 */
public sealed interface Rule {

    record All(List<Rule> rules) implements Rule {}

    record Any(List<Rule> rules) implements Rule {}

    record None(List<Rule> rules) implements Rule {}

    /** The value exists and is not an empty text. */
    record Exists(Field field) implements Rule {}

    record TextIs(Field field, List<String> texts, boolean ignoreCase) implements Rule {}

    record TextHas(Field field, Part part, String text, boolean ignoreCase) implements Rule {}

    enum Part {
        START,
        MIDDLE,
        END
    }

    record NumberIs(Field field, List<BigDecimal> numbers) implements Rule {}

    record NumberCompares(Field field, Comparison comparison, BigDecimal number) implements Rule {}

    enum Comparison {
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        LESS("<"),
        LESS_OR_EQUAL("<=");

        final String sql;

        Comparison(String sql) {
            this.sql = sql;
        }
    }

    record BooleanIs(Field field, boolean truth) implements Rule {}

    /**
     * @param zone the time zone of values without an offset
     */
    record DateFrom(Field field, ZoneId zone, Instant inclusive) implements Rule {}

    record DateBefore(Field field, ZoneId zone, Instant exclusive) implements Rule {}

    record OnList(long listId) implements Rule {}

    /**
     * @param campaigns any of these; all campaigns if empty
     * @param link the link that was clicked; any link if empty
     */
    record Engaged(
            Engagement engagement,
            List<Long> campaigns,
            Optional<Instant> since,
            Optional<String> link)
            implements Rule {}
}
