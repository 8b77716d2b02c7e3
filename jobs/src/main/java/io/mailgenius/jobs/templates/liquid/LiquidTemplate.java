package io.mailgenius.jobs.templates.liquid;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A template that was read; any number of threads may render it at the same time. */
public final class LiquidTemplate {

    private final BlockNode root;
    private final Set<String> variables;
    private final RenderLimits limits;
    private final int room;

    /**
     * @param room how many characters a rendering will probably have
     */
    LiquidTemplate(BlockNode root, Set<String> variables, RenderLimits limits, int room) {
        this.root = root;
        this.variables = Set.copyOf(variables);
        this.limits = limits;
        this.room = room;
    }

    /** The names that it asks for, and does not set itself. */
    public Set<String> variables() {
        return variables;
    }

    /**
     * @param companion for filters of the caller, see {@link RenderContext#companion}
     * @throws LiquidRenderException when the values lead to what cannot be done, or a limit is met
     */
    public String render(Map<String, ?> values, @Nullable Object companion) {
        StringBuilder out = new StringBuilder(room);
        root.render(new RenderContext(limits, values, companion), out);
        return out.toString();
    }
}
