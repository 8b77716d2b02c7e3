package io.mailgenius.jobs.templates.liquid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters for lists. A text or a number counts as a list with one item. */
final class ListFilters {

    static final List<FilterDefinition> ALL =
            List.of(
                    new FilterDefinition("size", 0, 0, (input, _, _) -> size(input)),
                    new FilterDefinition("first", 0, 0, (input, _, _) -> first(input)),
                    new FilterDefinition("last", 0, 0, (input, _, _) -> last(input)),
                    new FilterDefinition("join", 0, 1, ListFilters::joined),
                    new FilterDefinition(
                            "reverse",
                            0,
                            0,
                            (input, _, context) -> context.items(input).reversed()),
                    new FilterDefinition("concat", 1, 1, ListFilters::concatenated),
                    new FilterDefinition(
                            "split",
                            1,
                            1,
                            (input, arguments, _) ->
                                    TextSplitter.split(
                                            LiquidValues.text(input), arguments.text(0))),
                    new FilterDefinition("slice", 1, 2, ListFilters::sliced),
                    new FilterDefinition("default", 0, 2, ListFilters::orDefault));

    private ListFilters() {}

    private static Object size(@Nullable Object input) {
        Object size =
                input instanceof Map<?, ?> map ? map.size() : LiquidValues.member(input, "size");
        return size == null ? 0 : size;
    }

    private static @Nullable Object first(@Nullable Object input) {
        return input instanceof Map<?, ?> map
                ? LiquidValues.first(map)
                : LiquidValues.member(input, "first");
    }

    private static @Nullable Object last(@Nullable Object input) {
        return input instanceof Map<?, ?> ? null : LiquidValues.member(input, "last");
    }

    private static String joined(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        String glue = arguments.text(0, " ");
        StringBuilder text = new StringBuilder();
        String before = "";
        for (Object item : context.items(input)) {
            text.append(before).append(LiquidValues.text(item));
            context.check(text.length());
            before = glue;
        }
        return text.toString();
    }

    private static List<?> concatenated(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        Object more = arguments.get(0);
        if (!(more instanceof List<?>) && !(more instanceof IntegerRange)) {
            throw new LiquidRenderException("the filter concat needs a list to add");
        }
        List<@Nullable Object> all = new ArrayList<>(context.items(input));
        all.addAll(more instanceof List<?> list ? list : context.items(more));
        return all;
    }

    private static Object sliced(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        int offset = LiquidNumbers.integer(arguments.get(0));
        int length = arguments.get(1) == null ? 1 : arguments.integer(1, 1);
        if (input instanceof List<?> || input instanceof IntegerRange) {
            List<?> list = input instanceof List<?> own ? own : context.items(input);
            int start = start(offset, list.size());
            return start < 0 || length < 0
                    ? List.of()
                    : list.subList(start, (int) Math.min(list.size(), (long) start + length));
        }
        String text = LiquidValues.text(input);
        int size = text.codePointCount(0, text.length());
        int start = start(offset, size);
        if (start < 0 || length < 0) {
            return "";
        }
        int from = text.offsetByCodePoints(0, start);
        int kept = (int) Math.min(size - start, (long) length);
        return text.substring(from, text.offsetByCodePoints(from, kept));
    }

    /** Counts from the end if negative; returns -1 if out of bounds. */
    private static int start(int offset, int size) {
        int start = offset < 0 ? offset + size : offset;
        return start < 0 || start > size ? -1 : start;
    }

    /** Replaces nil, false and empty values; keeps false with {@code allow_false}. */
    private static @Nullable Object orDefault(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        boolean missing =
                arguments.isSet("allow_false") ? input == null : !LiquidValues.isTrue(input);
        if (!missing && !LiquidValues.isEmpty(input)) {
            return input;
        }
        return arguments.has(0) ? arguments.get(0) : "";
    }
}
