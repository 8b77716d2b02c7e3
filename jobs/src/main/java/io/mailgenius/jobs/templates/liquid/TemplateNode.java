package io.mailgenius.jobs.templates.liquid;

/** A part of a template that was read. It keeps nothing of a rendering. */
interface TemplateNode {

    void render(RenderContext context, StringBuilder out);

    /** Whether it never shows anything: a block of such nodes shows none of its white space. */
    default boolean isBlank() {
        return false;
    }
}
