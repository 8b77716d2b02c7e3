package io.mailgenius.jobs.templates.liquid;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A parsed template. It is immutable, so any number of threads may render it at the same time. */
public final class LiquidTemplate {

    private final BlockNode root;
    private final Set<String> variables;
    private final RenderLimits limits;
    private final int room;

    /**
     * @param room the expected length of a rendering in characters
     */
    LiquidTemplate(BlockNode root, Set<String> variables, RenderLimits limits, int room) {
        this.root = root;
        this.variables = Set.copyOf(variables);
        this.limits = limits;
        this.room = room;
    }

    /** The variables that the template reads and does not assign itself. */
    public Set<String> variables() {
        return variables;
    }

    /**
     * @param companion passed to the caller's filters, see {@link RenderContext#companion}
     * @throws LiquidRenderException if an operation fails with these values or a limit is exceeded
     */
    public String render(Map<String, ?> values, @Nullable Object companion) {
        StringBuilder out = new StringBuilder(room);
        root.render(new RenderContext(limits, values, companion), out);
        return out.toString();
    }
}
