package io.mailgenius.jobs.templates;

import java.math.BigDecimal;
import java.util.List;
import liqp.LValue;
import liqp.TemplateContext;
import liqp.nodes.FilterNode;
import liqp.nodes.LNode;
import org.jspecify.annotations.Nullable;

/** {@code {{ … }}}: the one place where values leave, and so the one that escapes them. */
record Output(LNode expression, List<FilterNode> filters, Escaping escaping) implements LNode {

    private static final LValue TEXTS = new LValue() {};

    @Override
    public @Nullable Object render(TemplateContext context) {
        Rendering.of(context).spend(1);
        Object value = expression.render(context);
        for (FilterNode filter : filters) {
            value = filter.apply(value, context);
        }
        return switch (value) {
            case null -> null;
            case SafeHtml safe -> safe.text();
            case String text -> escaping.apply(text);
            case BigDecimal number -> number.toPlainString();
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> escaping.apply(TEXTS.asString(value, context));
        };
    }
}
