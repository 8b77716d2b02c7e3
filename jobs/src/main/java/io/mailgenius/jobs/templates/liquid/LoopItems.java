package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The items that a loop iterates over. */
final class LoopItems {

    private LoopItems() {}

    /** An object yields its properties as pairs, and a text is one item. */
    static List<?> of(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> list;
            case IntegerRange range -> range.asList();
            case Map<?, ?> map -> map.entrySet().stream().map(LiquidValues::pair).toList();
            case String text -> text.isEmpty() ? List.of() : List.of(text);
            case null, default -> List.of();
        };
    }

    /** The items from an index on; a text is never cut. */
    static List<?> slice(@Nullable Object value, int from, int atMost) {
        List<?> all = of(value);
        if (value instanceof String) {
            return all;
        }
        long end = Math.min(all.size(), (long) from + atMost);
        int start = Math.max(0, from);
        return end <= start ? List.of() : all.subList(start, (int) end);
    }
}
