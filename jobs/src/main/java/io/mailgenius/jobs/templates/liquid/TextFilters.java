package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters for text. Other input is converted to text first. */
final class TextFilters {

    private static final int USUAL_LENGTH = 50;
    private static final int USUAL_WORDS = 15;

    static final List<FilterDefinition> ALL =
            List.of(
                    text("upcase", text -> text.toUpperCase(Locale.ROOT)),
                    text("downcase", text -> text.toLowerCase(Locale.ROOT)),
                    text("capitalize", TextFilters::capitalized),
                    text("strip", text -> text.substring(start(text), end(text, start(text)))),
                    text("lstrip", text -> text.substring(start(text))),
                    text("rstrip", text -> text.substring(0, end(text, 0))),
                    new FilterDefinition(
                            "squish",
                            0,
                            0,
                            (input, _, _) -> input == null ? null : squished(input)),
                    text("strip_newlines", text -> text.replace("\r\n", "").replace("\n", "")),
                    new FilterDefinition(
                            "append",
                            1,
                            1,
                            (input, arguments, context) ->
                                    joined(LiquidValues.text(input), arguments.text(0), context)),
                    new FilterDefinition(
                            "prepend",
                            1,
                            1,
                            (input, arguments, context) ->
                                    joined(arguments.text(0), LiquidValues.text(input), context)),
                    new FilterDefinition("truncate", 0, 2, TextFilters::truncated),
                    new FilterDefinition("truncatewords", 0, 2, TextFilters::truncatedToWords));

    private TextFilters() {}

    private static FilterDefinition text(String name, UnaryOperator<String> work) {
        return new FilterDefinition(
                name, 0, 0, (input, _, _) -> work.apply(LiquidValues.text(input)));
    }

    private static String joined(String first, String second, RenderContext context) {
        context.check((long) first.length() + second.length());
        return first + second;
    }

    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = text.offsetByCodePoints(0, 1);
        return text.substring(0, rest).toUpperCase(Locale.ROOT)
                + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    private static int start(String text) {
        int start = 0;
        while (start < text.length() && isWhite(text.charAt(start))) {
            start++;
        }
        return start;
    }

    private static int end(String text, int start) {
        int end = text.length();
        while (end > start && isWhite(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isWhite(char c) {
        return c <= ' ' || Character.isWhitespace(c) || c == '\u00a0' || c == '\ufeff';
    }

    private static String squished(Object input) {
        return String.join(" ", TextSplitter.words(LiquidValues.text(input), Integer.MAX_VALUE));
    }

    private static @Nullable Object truncated(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        if (input == null) {
            return null;
        }
        String text = LiquidValues.text(input);
        int length = arguments.integer(0, USUAL_LENGTH);
        String ellipsis = arguments.text(1, "...");
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        int kept = Math.max(0, length - ellipsis.codePointCount(0, ellipsis.length()));
        return joined(text.substring(0, text.offsetByCodePoints(0, kept)), ellipsis, context);
    }

    private static @Nullable Object truncatedToWords(
            @Nullable Object input, FilterArguments arguments, RenderContext context) {
        if (input == null) {
            return null;
        }
        String text = LiquidValues.text(input);
        int most = Math.max(1, arguments.integer(0, USUAL_WORDS));
        if (most == Integer.MAX_VALUE) {
            return text;
        }
        List<String> words = TextSplitter.words(text, most + 1);
        return words.size() <= most
                ? text
                : joined(
                        String.join(" ", words.subList(0, most)),
                        arguments.text(1, "..."),
                        context);
    }
}
