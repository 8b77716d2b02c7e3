package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.Expression.Emptiness;
import io.mailgenius.jobs.templates.liquid.Expression.Literal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Boolean expression. */
sealed interface Condition {

    boolean holds(RenderContext context);

    /** The condition of an {@code else}. */
    Condition ALWAYS = new Truth(new Literal(true));

    /** The truth of a single value. */
    record Truth(Expression value) implements Condition {
        @Override
        public boolean holds(RenderContext context) {
            return value instanceof Emptiness || LiquidValues.isTrue(value.evaluate(context));
        }
    }

    /**
     * {@code a and b or c} means {@code a and (b or c)}, because Liquid operators associate to the
     * right.
     */
    record And(Condition first, Condition rest) implements Condition {
        @Override
        public boolean holds(RenderContext context) {
            return first.holds(context) && rest.holds(context);
        }
    }

    record Or(Condition first, Condition rest) implements Condition {
        @Override
        public boolean holds(RenderContext context) {
            return first.holds(context) || rest.holds(context);
        }
    }

    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        CONTAINS;

        static Operator of(String written) {
            return switch (written) {
                case "==" -> EQUAL;
                case "!=", "<>" -> NOT_EQUAL;
                case "<" -> LESS;
                case "<=" -> LESS_OR_EQUAL;
                case ">" -> GREATER;
                case ">=" -> GREATER_OR_EQUAL;
                case "contains" -> CONTAINS;
                default -> throw new IllegalArgumentException(written);
            };
        }
    }

    /** Compares two values. Values that are not comparable make every operator false. */
    record Comparison(Expression left, Operator operator, Expression right) implements Condition {

        @Override
        public boolean holds(RenderContext context) {
            Object a = LiquidValues.unwrapped(left.evaluate(context));
            Object b = LiquidValues.unwrapped(right.evaluate(context));
            return switch (operator) {
                case EQUAL -> areEqual(a, b);
                case NOT_EQUAL -> !areEqual(a, b);
                case CONTAINS -> contains(a, b);
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                        !(left instanceof Emptiness)
                                && !(right instanceof Emptiness)
                                && isOrdered(a, b);
            };
        }

        private boolean areEqual(@Nullable Object a, @Nullable Object b) {
            if (left instanceof Emptiness emptiness) {
                return !(right instanceof Emptiness) ? emptiness.fits(b) : left == right;
            }
            if (right instanceof Emptiness emptiness) {
                return emptiness.fits(a);
            }
            return a instanceof Number && b instanceof String && !(right instanceof Literal)
                            || a instanceof String
                                    && b instanceof Number
                                    && !(left instanceof Literal)
                    ? LiquidValues.areEqual(number(a), number(b))
                    : LiquidValues.areEqual(a, b);
        }

        private boolean isOrdered(@Nullable Object a, @Nullable Object b) {
            if (a instanceof String x && b instanceof String y) {
                return fits(x.compareTo(y));
            }
            Number x = number(a);
            Number y = number(b);
            return x != null && y != null && fits(LiquidNumbers.compare(x, y));
        }

        /** Converts text to a number, because imported attributes may be numbers stored as text. */
        private static @Nullable Number number(@Nullable Object value) {
            return switch (value) {
                case Number number -> LiquidNumbers.of(number);
                case String text -> LiquidNumbers.ofWhole(text);
                case null, default -> null;
            };
        }

        private boolean fits(int order) {
            return switch (operator) {
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case GREATER -> order > 0;
                case GREATER_OR_EQUAL -> order >= 0;
                case EQUAL, NOT_EQUAL, CONTAINS -> false;
            };
        }

        private static boolean contains(@Nullable Object a, @Nullable Object b) {
            if (!LiquidValues.isTrue(b)) {
                return false;
            }
            return switch (a) {
                case String text -> text.contains(LiquidValues.text(b));
                case List<?> list -> list.stream().anyMatch(it -> LiquidValues.areEqual(it, b));
                case Map<?, ?> map -> map.containsKey(LiquidValues.text(b));
                case IntegerRange range ->
                        b instanceof Number number
                                && LiquidNumbers.compare(LiquidNumbers.of(number), range.first())
                                        >= 0
                                && LiquidNumbers.compare(LiquidNumbers.of(number), range.last())
                                        <= 0;
                case null, default -> false;
            };
        }
    }
}
