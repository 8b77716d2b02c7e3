package io.mailgenius.jobs.templates.liquid;

import java.util.List;

/** Filters that replace or remove text. */
final class ReplaceFilters {

    static final List<FilterDefinition> ALL =
            List.of(
                    replacing("replace", 1, ReplaceFilters::all),
                    replacing("replace_first", 1, ReplaceFilters::first),
                    replacing("replace_last", 2, ReplaceFilters::last),
                    removing("remove", ReplaceFilters::all),
                    removing("remove_first", ReplaceFilters::first),
                    removing("remove_last", ReplaceFilters::last));

    private ReplaceFilters() {}

    @FunctionalInterface
    private interface Replacement {
        String of(String text, String what, String by, RenderContext context);
    }

    private static FilterDefinition replacing(String name, int least, Replacement work) {
        return new FilterDefinition(
                name,
                least,
                2,
                (input, arguments, context) ->
                        work.of(
                                LiquidValues.text(input),
                                arguments.text(0),
                                arguments.text(1),
                                context));
    }

    private static FilterDefinition removing(String name, Replacement work) {
        return new FilterDefinition(
                name,
                1,
                1,
                (input, arguments, context) ->
                        work.of(LiquidValues.text(input), arguments.text(0), "", context));
    }

    private static String all(String text, String what, String by, RenderContext context) {
        if (what.isEmpty()) {
            return betweenAll(text, by, context);
        }
        long times = 0;
        for (int at = 0; (at = text.indexOf(what, at)) >= 0; at += what.length()) {
            times++;
        }
        context.check(text.length() + times * (by.length() - (long) what.length()));
        return text.replace(what, by);
    }

    /** An empty search text matches between all characters and at both ends, as in Ruby. */
    private static String betweenAll(String text, String by, RenderContext context) {
        context.check(text.length() + (text.length() + 1L) * by.length());
        StringBuilder spread = new StringBuilder(by);
        text.codePoints().forEach(c -> spread.appendCodePoint(c).append(by));
        return spread.toString();
    }

    private static String first(String text, String what, String by, RenderContext context) {
        return at(text.indexOf(what), text, what, by, context);
    }

    private static String last(String text, String what, String by, RenderContext context) {
        return at(text.lastIndexOf(what), text, what, by, context);
    }

    private static String at(
            int place, String text, String what, String by, RenderContext context) {
        context.check((long) text.length() + by.length());
        return place < 0
                ? text
                : text.substring(0, place) + by + text.substring(place + what.length());
    }
}
