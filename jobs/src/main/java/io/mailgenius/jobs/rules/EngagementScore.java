package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.rules.Rule.Comparison;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * How much a contact engages, from 0 to 100: {@value #OPEN} points for each campaign that it opened
 * and {@value #CLICK} for each that it clicked in, each halved every {@value #HALF_LIFE_DAYS} days.
 *
 * <p>All points fade at the same pace, so whose score is the higher one stays so until something
 * happens. {@link Field.Heat} is that: the binary logarithm of the points as they will have been
 * worth at {@link #EPOCH}, or would have been. A score at a moment is a heat, so the heats of two
 * million contacts can be held in order, and only the one that is asked for follows the clock.
 */
public record EngagementScore(Instant now) {

    static final int OPEN = 10;
    static final int CLICK = 20;
    static final int HALF_LIFE_DAYS = 30;

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final int DIGITS = 6;
    private static final BigDecimal MOST = BigDecimal.valueOf(100);
    private static final BigDecimal LESS_THAN_ANY = BigDecimal.valueOf(-1_000_000);
    private static final Rule ALWAYS = new Rule.Exists(Field.Column.EMAIL);

    /**
     * Over rows of engagement, by the alias e. Clocks that are wrong by centuries must not overflow
     * it, and the sum is in an order, since that of doubles depends on it.
     */
    public static final String HEAT =
            String.format(
                    Locale.ROOT,
                    """
            round(CAST(ln(nullif(sum(%s + %s ORDER BY e.campaign_id), 0)) / ln(CAST(2 AS float8)) AS numeric), %d)""",
                    points(OPEN, "e.opened_at"),
                    points(CLICK, "e.clicked_at"),
                    DIGITS);

    private static String points(int points, String at) {
        // Not coalesce: greatest and least pass NULL by.
        return String.format(
                Locale.ROOT,
                "CASE WHEN %2$s IS NULL THEN 0 ELSE %1$d * power(CAST(2 AS float8), greatest(-500, least(500, CAST(extract(epoch FROM %2$s - timestamptz '%3$s') / %4$d AS float8)))) END",
                points,
                at,
                EPOCH,
                Duration.ofDays(HALF_LIFE_DAYS).toSeconds());
    }

    Rule compared(Operator operator, Operand value) {
        return switch (operator) {
            case GREATER_THAN -> above(value);
            case LESS_OR_EQUAL -> not(above(value));
            case GREATER_OR_EQUAL -> atLeast(value);
            case LESS_THAN -> not(atLeast(value));
            case BETWEEN -> between(value);
            case EQUALS,
                    NOT_EQUALS,
                    IN,
                    NOT_IN,
                    EXISTS,
                    NOT_EXISTS,
                    CONTAINS,
                    NOT_CONTAINS,
                    STARTS_WITH,
                    ENDS_WITH,
                    BEFORE,
                    AFTER,
                    ON_OR_BEFORE,
                    ON_OR_AFTER,
                    WITHIN_DAYS,
                    WITHIN_NEXT_DAYS,
                    OLDER_THAN_DAYS,
                    MEMBER_OF,
                    NOT_MEMBER_OF ->
                    throw new IllegalArgumentException("A score is not asked by " + operator);
        };
    }

    private Rule between(Operand value) {
        if (!value.json().isArray() || value.json().size() != 2) {
            throw value.needs("an array of two values, the lower one first");
        }
        Operand low = value.several().getFirst();
        Operand high = value.several().getLast();
        if (score(low).compareTo(score(high)) > 0) {
            throw value.needs("the lower value first");
        }
        return new Rule.All(List.of(atLeast(low), not(above(high))));
    }

    /** Nobody has more than the most. */
    private Rule above(Operand value) {
        BigDecimal score = score(value);
        return score.compareTo(MOST) == 0
                ? not(ALWAYS)
                : new Rule.NumberCompares(Field.Heat.HEAT, Comparison.GREATER, heat(score));
    }

    /** Everybody has at least nothing. */
    private Rule atLeast(Operand value) {
        BigDecimal score = score(value);
        return score.signum() == 0
                ? ALWAYS
                : new Rule.NumberCompares(
                        Field.Heat.HEAT, Comparison.GREATER_OR_EQUAL, heat(score));
    }

    private BigDecimal heat(BigDecimal score) {
        if (score.signum() == 0) {
            return LESS_THAN_ANY;
        }
        double halvings =
                Duration.between(EPOCH, now).toMillis()
                        / (double) Duration.ofDays(HALF_LIFE_DAYS).toMillis();
        return BigDecimal.valueOf(Math.log(score.doubleValue()) / Math.log(2) + halvings)
                .setScale(DIGITS, RoundingMode.HALF_UP);
    }

    private static BigDecimal score(Operand value) {
        BigDecimal score = value.number();
        if (score.signum() < 0 || score.compareTo(MOST) > 0) {
            throw value.needs("a score from 0 to 100");
        }
        return score;
    }

    private static Rule not(Rule rule) {
        return new Rule.None(List.of(rule));
    }
}
