package io.mailgenius.jobs.rules;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Which contacts are meant. Every condition is a positive one: {@code notEquals} and its like are
 * read as {@link None} of their opposite, so that what a contact lacks is decided in one place: a
 * condition on a value that is not there does not hold, and {@code None} of it does.
 */
public sealed interface Rule {

    record All(List<Rule> rules) implements Rule {}

    record Any(List<Rule> rules) implements Rule {}

    record None(List<Rule> rules) implements Rule {}

    /** There is a value, and it is not an empty text. */
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
     * @param zone whose time it is where a value says no other
     */
    record DateFrom(Field field, ZoneId zone, Instant inclusive) implements Rule {}

    record DateBefore(Field field, ZoneId zone, Instant exclusive) implements Rule {}

    record OnList(long listId) implements Rule {}

    /**
     * @param campaigns of these; of any, when there are none
     * @param link which one was clicked; whichever, when it is not said
     */
    record Engaged(
            Engagement engagement,
            List<Long> campaigns,
            Optional<Instant> since,
            Optional<String> link)
            implements Rule {}
}
