package io.mailgenius.jobs.templates.liquid;

/**
 * The tag {@code capture}. Its values are escaped inside the block, so the result is not escaped
 * again.
 */
record CaptureNode(String name, BlockNode block, Escaping escaping) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        StringBuilder captured = new StringBuilder();
        block.render(context, captured);
        context.assign(name, escaping.done(captured.toString()));
    }

    @Override
    public boolean isBlank() {
        return true;
    }
}
