package io.mailgenius.jobs.templates.liquid;

/** The tag {@code ifchanged}. It renders its block if the result differs from the previous one. */
record IfChangedNode(BlockNode block) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        StringBuilder text = new StringBuilder();
        block.render(context, text);
        if (context.isChanged(text.toString())) {
            out.append(text);
        }
    }

    @Override
    public boolean isBlank() {
        return block.isBlank();
    }
}
