package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.rules.Rule.Comparison;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The engagement score, from 0 to 100: {@value #OPEN} points for each opened campaign and {@value
 * #CLICK} for each clicked one, halved every {@value #HALF_LIFE_DAYS} days.
 *
 * <p>All points decay at the same rate, so the order of contacts only changes when one of them
 * engages. {@link Field.LogScore} is therefore independent of time: the binary logarithm of the
 * points, scaled to {@link #EPOCH}. An index keeps these values sorted, and a score in a rule is
 * converted to the value that it has at the time of the query.
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
     * An aggregate over rows of engagement, alias e. The exponent is clamped so that wrong
     * timestamps cannot overflow it, and the sum is ordered because floating-point addition depends
     * on the order.
     */
    public static final String LOG_SCORE =
            String.format(
                    Locale.ROOT,
                    """
            round(CAST(ln(nullif(sum(%s + %s ORDER BY e.campaign_id), 0)) / ln(CAST(2 AS float8)) AS numeric), %d)""",
                    points(OPEN, "e.opened_at"),
                    points(CLICK, "e.clicked_at"),
                    DIGITS);

    private static String points(int points, String at) {
        // A CASE and not coalesce, because greatest and least ignore NULL.
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
                    throw new IllegalArgumentException("The score has no operator " + operator);
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

    /** No score exceeds the maximum. */
    private Rule above(Operand value) {
        BigDecimal score = score(value);
        return score.compareTo(MOST) == 0
                ? not(ALWAYS)
                : new Rule.NumberCompares(
                        Field.LogScore.LOG_SCORE, Comparison.GREATER, logScore(score));
    }

    /** Every score is at least 0. */
    private Rule atLeast(Operand value) {
        BigDecimal score = score(value);
        return score.signum() == 0
                ? ALWAYS
                : new Rule.NumberCompares(
                        Field.LogScore.LOG_SCORE, Comparison.GREATER_OR_EQUAL, logScore(score));
    }

    private BigDecimal logScore(BigDecimal score) {
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
