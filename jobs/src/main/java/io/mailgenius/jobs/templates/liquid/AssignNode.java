package io.mailgenius.jobs.templates.liquid;

/** The tag {@code assign}. */
record AssignNode(String name, FilteredValue value) implements TemplateNode {

    @Override
    public void render(RenderContext context, StringBuilder out) {
        context.spend(1);
        context.assign(name, value.evaluate(context));
    }

    @Override
    public boolean isBlank() {
        return true;
    }
}
