package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An output, {@code {{ … }}}. All values are rendered here, so escaping happens only here. */
record OutputNode(FilteredValue value, Escaping escaping) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        context.spend(1);
        write(value.evaluate(context), escaping, context, out);
        context.check(out.length());
    }

    static void write(
            @Nullable Object value, Escaping escaping, RenderContext context, StringBuilder out) {
        switch (value) {
            case null -> {}
            case SafeHtml safe -> out.append(safe.text());
            case String text -> out.append(escaping.apply(text));
            case Number number -> out.append(LiquidNumbers.text(number));
            case Boolean truth -> out.append(truth.booleanValue());
            case List<?> list -> {
                for (Object item : list) {
                    write(item, escaping, context, out);
                    context.check(out.length());
                }
            }
            default -> out.append(escaping.apply(LiquidValues.text(value)));
        }
    }
}
