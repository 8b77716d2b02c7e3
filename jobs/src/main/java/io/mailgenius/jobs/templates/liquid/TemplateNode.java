package io.mailgenius.jobs.templates.liquid;

/** A node of a parsed template. It keeps no state of a rendering. */
interface TemplateNode {

    void render(RenderContext context, StringBuilder out);

    /**
     * Whether the node never renders anything. White space between such nodes is not rendered
     * either.
     */
    default boolean isBlank() {
        return false;
    }
}
