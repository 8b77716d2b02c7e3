package io.mailgenius.jobs.templates.liquid;

/** {@code increment} shows a counter before it steps on, {@code decrement} after it. */
record CounterNode(String name, boolean up) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        Number before = context.count(name, up ? 1 : -1);
        out.append(LiquidNumbers.text(up ? before : LiquidNumbers.minus(before, Long.valueOf(1))));
    }
}
