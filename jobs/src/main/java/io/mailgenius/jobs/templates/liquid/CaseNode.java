package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.Condition.Comparison;
import java.util.List;

/**
 * {@code case}: all blocks with a value that fits, once for each such value; an {@code else} when
 * none before it did.
 */
record CaseNode(List<When> whens, boolean isBlank) implements TemplateNode {

    /**
     * A block of a case.
     *
     * @param values none for an {@code else}
     */
    record When(List<Comparison> values, BlockNode block) {

        When withoutText() {
            return new When(values, block.withoutText());
        }
    }

    /**
     * @param before what stands in front of the first block, and is never shown
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
