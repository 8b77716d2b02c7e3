package io.mailgenius.jobs.templates.liquid;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Filters that select list items by value or by property. */
final class PropertyFilters {

    static final List<FilterDefinition> ALL =
            List.of(
                    new FilterDefinition("map", 1, 1, PropertyFilters::mapped),
                    new FilterDefinition("sum", 0, 1, PropertyFilters::sum),
                    new FilterDefinition("compact", 0, 1, PropertyFilters::compacted),
                    new FilterDefinition("uniq", 0, 1, PropertyFilters::unique),
                    sorting("sort", ItemOrder.EXACT),
                    sorting("sort_natural", ItemOrder.IGNORING_CASE),
                    new FilterDefinition(
                            "where", 1, 2, (in, args, context) -> chosen(in, args, context, true)),
                    new FilterDefinition(
                            "reject",
                            1,
                            2,
                            (in, args, context) -> chosen(in, args, context, false)),
                    new FilterDefinition(
                            "has", 1, 2, (in, args, context) -> found(in, args, context, Find.ANY)),
                    new FilterDefinition(
                            "find",
                            1,
                            2,
                            (in, args, context) -> found(in, args, context, Find.ITEM)),
                    new FilterDefinition(
                            "find_index",
                            1,
                            2,
                            (in, args, context) -> found(in, args, context, Find.INDEX)));

    private PropertyFilters() {}

    /** In Ruby a text has the properties that occur in it, and an integer has its bits. */
    private static @Nullable Object property(@Nullable Object item, @Nullable Object name) {
        return switch (item) {
            case Map<?, ?> map -> name instanceof String text ? map.get(text) : null;
            case String text -> name instanceof String part && text.contains(part) ? part : null;
            case Number number when name instanceof Number bit -> bit(number, bit);
            case null, default -> null;
        };
    }

    private static long bit(Number number, Number bit) {
        int at = LiquidNumbers.clamped(LiquidNumbers.of(bit));
        return at < 0 ? 0 : number.longValue() >> Math.min(at, Long.SIZE - 1) & 1;
    }

    /** Whether the item supports property access. */
    private static boolean hasProperties(@Nullable Object item, @Nullable Object name) {
        return item instanceof Map || item != null && !(item instanceof Boolean) && name != null;
    }

    private static List<?> mapped(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object item : context.items(input)) {
            values.add(property(item, arguments.get(0)));
        }
        return values;
    }

    private static Number sum(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        Number sum = 0L;
        for (Object item : context.items(input)) {
            Object value = arguments.get(0) == null ? item : property(item, arguments.get(0));
            for (Object number : context.items(value)) {
                sum = LiquidNumbers.plus(sum, LiquidNumbers.of(number));
            }
        }
        return sum;
    }

    private static List<?> compacted(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        Object name = arguments.get(0);
        return context.items(input).stream()
                .filter(item -> (name == null ? item : property(item, name)) != null)
                .toList();
    }

    private static List<?> unique(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        Object name = arguments.get(0);
        Set<@Nullable Object> seen = new HashSet<>();
        List<@Nullable Object> unique = new ArrayList<>();
        for (Object item : context.items(input)) {
            if (seen.add(comparable(name == null ? item : property(item, name)))) {
                unique.add(item);
            }
        }
        return unique;
    }

    /** Normalizes numbers, because equal numbers may differ in class or in trailing zeros. */
    private static @Nullable Object comparable(@Nullable Object value) {
        Object number = value instanceof Number some ? LiquidNumbers.of(some) : value;
        return number instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : number;
    }

    private static FilterDefinition sorting(String name, Comparator<@Nullable Object> order) {
        return new FilterDefinition(
                name,
                0,
                1,
                (input, arguments, context) -> {
                    Object property = arguments.get(0);
                    List<@Nullable Object> sorted = new ArrayList<>(context.items(input));
                    sorted.sort(
                            property == null
                                    ? order
                                    : (a, b) ->
                                            order.compare(
                                                    property(a, property), property(b, property)));
                    return sorted;
                });
    }

    private static BiPredicate<@Nullable Object, @Nullable Object> test(FilterArguments arguments) {
        Object wanted = arguments.get(1);
        return wanted == null
                ? (item, name) -> LiquidValues.isTrue(property(item, name))
                : (item, name) -> LiquidValues.areEqual(property(item, name), wanted);
    }

    /** Nil if an item does not support property access. */
    private static @Nullable Object chosen(
            @Nullable Object input,
            FilterArguments arguments,
            RenderContext context,
            boolean expected) {
        var test = test(arguments);
        List<@Nullable Object> chosen = new ArrayList<>();
        for (Object item : context.items(input)) {
            if (!hasProperties(item, arguments.get(0))) {
                return null;
            }
            if (test.test(item, arguments.get(0)) == expected) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private enum Find {
        ANY,
        ITEM,
        INDEX
    }

    private static @Nullable Object found(
            @Nullable Object input, FilterArguments arguments, RenderContext context, Find what) {
        var test = test(arguments);
        int index = 0;
        for (Object item : context.items(input)) {
            if (!hasProperties(item, arguments.get(0))) {
                return null;
            }
            if (test.test(item, arguments.get(0))) {
                return switch (what) {
                    case ANY -> true;
                    case ITEM -> item;
                    case INDEX -> index;
                };
            }
            index++;
        }
        return what == Find.ANY ? false : null;
    }
}
