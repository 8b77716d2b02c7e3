package io.mailgenius.jobs.templates.liquid;

/**
 * The tags {@code break} and {@code continue}. Outside of a loop they end the rendering, as in
 * Liquid.
 */
record InterruptNode(RenderContext.Interrupt interrupt) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        context.interrupt(interrupt);
    }
}
