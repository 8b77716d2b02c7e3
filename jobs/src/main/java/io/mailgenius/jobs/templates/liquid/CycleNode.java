package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tag {@code cycle}, which renders its next value each time.
 *
 * @param group the name of the cycle; null if cycles with the same values share a position
 * @param shared whether this cycle shares its position with others that have the same values
 */
record CycleNode(
        @Nullable Expression group, boolean shared, List<Expression> values, Escaping escaping)
        implements TemplateNode {

    /** The key of a position. Its type separates cycles from loops. */
    private record Position(@Nullable Object group) {}

    @Override
    public void render(RenderContext context, StringBuilder out) {
        context.spend(1);
        Position position = new Position(key(context));
        int next = context.position(position);
        if (next < values.size()) {
            OutputNode.write(values.get(next).evaluate(context), escaping, context, out);
        }
        context.setPosition(position, next + 1 >= values.size() ? 0 : next + 1);
    }

    private @Nullable Object key(RenderContext context) {
        if (group != null) {
            return LiquidValues.unwrapped(group.evaluate(context));
        }
        return shared ? values : new Identity(this);
    }

    /**
     * Identity keeps cycles over variables apart, because the variables may have other values
     * elsewhere.
     */
    private record Identity(CycleNode node) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity(CycleNode another) && node == another;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(node);
        }
    }
}
