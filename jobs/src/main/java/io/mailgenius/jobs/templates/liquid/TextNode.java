package io.mailgenius.jobs.templates.liquid;

/** What stands in a template as it is. */
record TextNode(String text, boolean isBlank) implements TemplateNode {

    TextNode(String text) {
        this(text, text.chars().allMatch(c -> MarkupLexer.isSpace((char) c)));
    }

    @Override
    public void render(RenderContext context, StringBuilder out) {
        out.append(text);
        context.check(out.length());
    }
}
