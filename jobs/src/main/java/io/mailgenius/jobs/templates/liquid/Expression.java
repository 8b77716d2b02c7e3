package io.mailgenius.jobs.templates.liquid;

import org.jspecify.annotations.Nullable;

/** An expression that evaluates to a value. */
sealed interface Expression {

    @Nullable Object evaluate(RenderContext context);

    /** A literal of the template. */
    record Literal(@Nullable Object value) implements Expression {
        @Override
        public @Nullable Object evaluate(RenderContext context) {
            return value;
        }
    }

    /**
     * {@code blank} and {@code empty}. They evaluate to an empty text; comparisons treat them
     * separately.
     */
    enum Emptiness implements Expression {
        BLANK,
        EMPTY;

        @Override
        public Object evaluate(RenderContext context) {
            return "";
        }

        boolean fits(@Nullable Object value) {
            return switch (this) {
                case BLANK -> LiquidValues.isBlank(value);
                case EMPTY -> LiquidValues.isEmpty(value);
            };
        }
    }

    /** A range such as {@code (1..n)}. */
    record Interval(Expression from, Expression to) implements Expression {
        @Override
        public Object evaluate(RenderContext context) {
            return new IntegerRange(end(from.evaluate(context)), end(to.evaluate(context)));
        }

        private static long end(@Nullable Object value) {
            return LiquidNumbers.of(value).longValue();
        }
    }

    /**
     * A variable, or a property of one.
     *
     * @param root the name of the variable
     * @param steps the property accesses, from left to right
     */
    record Variable(Expression root, Step[] steps) implements Expression {
        @Override
        public @Nullable Object evaluate(RenderContext context) {
            String name =
                    root instanceof Literal(String text)
                            ? text
                            : LiquidValues.text(LiquidValues.unwrapped(root.evaluate(context)));
            Object value = context.find(name);
            int from = 0;
            if (value == null && steps.length > 0 && name.equals("self")) {
                Object key = steps[0].key(context);
                value = key == null ? null : context.find(LiquidValues.text(key));
                from = 1;
            }
            for (int i = from; i < steps.length && value != null; i++) {
                value = steps[i].from(value, context);
            }
            return value;
        }
    }

    /**
     * One property access.
     *
     * @param name the property after a dot
     * @param index the expression in square brackets, if there is no name
     */
    record Step(@Nullable String name, Expression index) {

        @Nullable Object key(RenderContext context) {
            return name != null ? name : LiquidValues.unwrapped(index.evaluate(context));
        }

        @Nullable Object from(Object value, RenderContext context) {
            return name != null
                    ? LiquidValues.member(value, name)
                    : LiquidValues.item(value, key(context));
        }
    }
}
