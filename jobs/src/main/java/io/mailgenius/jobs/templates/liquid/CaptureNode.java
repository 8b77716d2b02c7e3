package io.mailgenius.jobs.templates.liquid;

/** What is captured was escaped where it came from, and is not escaped again where it goes. */
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
