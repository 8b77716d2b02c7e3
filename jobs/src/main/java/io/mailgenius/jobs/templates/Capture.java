package io.mailgenius.jobs.templates;

import liqp.TemplateContext;
import liqp.blocks.Block;
import liqp.nodes.LNode;
import org.jspecify.annotations.Nullable;

/** What is captured was escaped where it came from, and is not escaped again where it goes. */
final class Capture extends Block {

    private final Escaping escaping;

    Capture(Escaping escaping) {
        super("capture");
        this.escaping = escaping;
    }

    @Override
    public @Nullable Object render(TemplateContext context, LNode... nodes) {
        String name = asString(nodes[0].render(context), context);
        Object block = nodes[1].render(context);
        context.put(name, escaping.done(asString(block, context)), true);
        return null;
    }
}
