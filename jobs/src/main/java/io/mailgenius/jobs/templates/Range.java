package io.mailgenius.jobs.templates;

import java.util.stream.IntStream;
import liqp.LValue;
import liqp.TemplateContext;
import liqp.nodes.LNode;

/** {@code (1..3)} as the list of its numbers: over a range liqp's loop does not find its end. */
record Range(LNode from, LNode to) implements LNode {

    private static final LValue NUMBERS = new LValue() {};

    @Override
    public Object render(TemplateContext context) {
        int first = NUMBERS.asNumber(from.render(context)).intValue();
        int last = NUMBERS.asNumber(to.render(context)).intValue();
        Rendering.of(context).checkRounds((long) last - first + 1);
        return IntStream.rangeClosed(first, last).boxed().toList();
    }
}
