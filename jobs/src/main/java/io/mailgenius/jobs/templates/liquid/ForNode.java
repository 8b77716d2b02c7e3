package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.RenderContext.Interrupt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tag {@code for}. */
record ForNode(Header header, BlockNode block, BlockNode otherwise) implements TemplateNode {

    /**
     * The parameters of the tag.
     *
     * @param name the key under which {@code offset: continue} finds the end of the previous loop
     * @param offset null for none
     * @param continues {@code offset: continue}
     */
    record Header(
            String variable,
            String name,
            Expression items,
            @Nullable Expression limit,
            @Nullable Expression offset,
            boolean continues,
            boolean reversed) {}

    /** The key of a position. Its type separates loops from cycles. */
    private record Position(String loop) {}

    static ForNode of(Header header, BlockNode block, BlockNode otherwise) {
        return block.isBlank() && otherwise.isBlank()
                ? new ForNode(header, block.withoutText(), otherwise.withoutText())
                : new ForNode(header, block, otherwise);
    }

    @Override
    public boolean isBlank() {
        return block.isBlank() && otherwise.isBlank();
    }

    @Override
    public void render(RenderContext context, StringBuilder out) {
        List<?> items = items(context);
        context.checkRounds(items.size());
        if (items.isEmpty()) {
            otherwise.render(context, out);
            return;
        }
        LoopScope outer = context.scope();
        LoopState loop = new LoopState(header.name, items.size(), loopAround(outer));
        LoopScope scope = new LoopScope(outer, header.variable, "forloop", loop);
        context.setScope(scope);
        for (Object item : header.reversed ? items.reversed() : items) {
            context.countRound();
            scope.setItem(item);
            block.render(context, out);
            loop.advance();
            if (context.takeInterrupt() == Interrupt.BREAK) {
                break;
            }
        }
        context.setScope(outer);
    }

    private List<?> items(RenderContext context) {
        Position position = new Position(header.name);
        int from =
                header.continues ? context.position(position) : number(header.offset, context, 0);
        List<?> items =
                LoopItems.slice(
                        LiquidValues.unwrapped(header.items.evaluate(context)),
                        from,
                        number(header.limit, context, Integer.MAX_VALUE));
        context.setPosition(
                position, (int) Math.min((long) from + items.size(), Integer.MAX_VALUE));
        return items;
    }

    private static int number(@Nullable Expression number, RenderContext context, int otherwise) {
        Object value = number == null ? null : LiquidValues.unwrapped(number.evaluate(context));
        return value == null ? otherwise : LiquidNumbers.integer(value);
    }

    private static @Nullable LoopState loopAround(@Nullable LoopScope scope) {
        LoopScope around = scope;
        while (around != null && !around.loopName().equals("forloop")) {
            around = around.outer();
        }
        return around == null ? null : around.loop();
    }
}
