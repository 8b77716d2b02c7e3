package io.mailgenius.jobs.templates.liquid;

/**
 * The tags {@code increment}, which renders the counter before the step, and {@code decrement},
 * which renders it after the step.
 */
record CounterNode(String name, boolean up) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        Number before = context.count(name, up ? 1 : -1);
        out.append(LiquidNumbers.text(up ? before : LiquidNumbers.minus(before, Long.valueOf(1))));
    }
}
