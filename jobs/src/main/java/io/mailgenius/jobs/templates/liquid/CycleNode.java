package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code cycle}: the next of its values each time.
 *
 * @param group whose cycles go on together; null where their values are the same
 * @param shared whether another cycle with the same values goes on with this one
 */
record CycleNode(
        @Nullable Expression group, boolean shared, List<Expression> values, Escaping escaping)
        implements TemplateNode {

    /** By which positions of cycles are told from those of loops. */
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

    /** Variables of the same name may have other values somewhere else. */
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
