package io.mailgenius.jobs.templates.liquid;

/** {@code ifchanged}: shown when it is not what the one before it was. */
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
