package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.Condition.Comparison;
import java.util.List;

/**
 * The tag {@code case}. It renders each block once per equal value, and an {@code else} block if no
 * value before it was equal.
 */
record CaseNode(List<When> whens, boolean isBlank) implements TemplateNode {

    /**
     * A block of a {@code case}.
     *
     * @param values empty for an {@code else}
     */
    record When(List<Comparison> values, BlockNode block) {

        When withoutText() {
            return new When(values, block.withoutText());
        }
    }

    /**
     * @param before the content in front of the first {@code when}, which is never rendered
     */
    static CaseNode of(BlockNode before, List<When> whens) {
        boolean blank = before.isBlank() && whens.stream().allMatch(when -> when.block().isBlank());
        return new CaseNode(
                whens.stream().map(when -> blank ? when.withoutText() : when).toList(), blank);
    }

    @Override
    public void render(RenderContext context, StringBuilder out) {
        boolean found = false;
        for (When when : whens) {
            if (when.values.isEmpty() && !found) {
                when.block.render(context, out);
            }
            for (Comparison value : when.values) {
                if (value.holds(context)) {
                    found = true;
                    when.block.render(context, out);
                }
            }
        }
    }
}
