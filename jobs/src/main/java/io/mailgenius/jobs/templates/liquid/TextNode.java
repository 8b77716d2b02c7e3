package io.mailgenius.jobs.templates.liquid;

/** Literal text of a template. */
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
