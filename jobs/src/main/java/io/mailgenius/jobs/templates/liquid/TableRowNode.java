package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.RenderContext.Interrupt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tag {@code tablerow}, which renders a table cell for each item. */
record TableRowNode(
        String variable,
        Expression items,
        @Nullable Expression columns,
        @Nullable Expression limit,
        @Nullable Expression offset,
        BlockNode block)
        implements TemplateNode {

    @Override
    public boolean isBlank() {
        return block.isBlank();
    }

    @Override
    public void render(RenderContext context, StringBuilder out) {
        Object value = LiquidValues.unwrapped(items.evaluate(context));
        if (!LiquidValues.isTrue(value)) {
            return;
        }
        List<?> cells =
                LoopItems.slice(
                        value,
                        number(offset, context, 0),
                        number(limit, context, Integer.MAX_VALUE));
        context.checkRounds(cells.size());
        LoopState row = new LoopState(cells.size(), number(columns, context, cells.size()));
        LoopScope outer = context.scope();
        LoopScope scope = new LoopScope(outer, variable, "tablerowloop", row);
        context.setScope(scope);
        out.append("<tr class=\"row1\">\n");
        for (Object cell : cells) {
            context.countRound();
            scope.setItem(cell);
            out.append("<td class=\"col").append(row.column()).append("\">");
            block.render(context, out);
            out.append("</td>");
            if (context.takeInterrupt() == Interrupt.BREAK) {
                break;
            }
            if (row.isAtEndOfRow() && !row.isLast()) {
                out.append("</tr>\n<tr class=\"row").append(row.row() + 1).append("\">");
            }
            row.advance();
        }
        out.append("</tr>\n");
        context.setScope(outer);
    }

    /** Truncates decimals; values that are not numbers count as 0. */
    private static int number(@Nullable Expression number, RenderContext context, int otherwise) {
        if (number == null) {
            return otherwise;
        }
        Number value = LiquidNumbers.of(LiquidValues.unwrapped(number.evaluate(context)));
        return LiquidNumbers.clamped(LiquidNumbers.round(value, 0, java.math.RoundingMode.DOWN));
    }
}
