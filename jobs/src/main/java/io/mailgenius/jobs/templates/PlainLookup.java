package io.mailgenius.jobs.templates;

import liqp.TemplateContext;
import liqp.nodes.LNode;
import org.jspecify.annotations.Nullable;

/** A variable's value for comparing and filtering. */
record PlainLookup(LNode variable) implements LNode {

    @Override
    public @Nullable Object render(TemplateContext context) {
        return SafeHtml.unwrapped(variable.render(context));
    }
}
