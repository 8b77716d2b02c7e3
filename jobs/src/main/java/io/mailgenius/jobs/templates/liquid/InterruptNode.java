package io.mailgenius.jobs.templates.liquid;

/** {@code break} and {@code continue}; outside of a loop, the template ends there. */
record InterruptNode(RenderContext.Interrupt interrupt) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        context.interrupt(interrupt);
    }
}
