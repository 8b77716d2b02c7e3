package io.mailgenius.jobs.templates.liquid;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Liquid semantics of values: truth, equality, conversion to text and property access. */
public final class LiquidValues {

    private LiquidValues() {}

    static @Nullable Object unwrapped(@Nullable Object value) {
        return value instanceof SafeHtml safe ? safe.text() : value;
    }

    /** Everything except nil and {@code false} is true, even 0 and an empty text. */
    static boolean isTrue(@Nullable Object value) {
        return value != null && !Boolean.FALSE.equals(value);
    }

    /** Whether the value has no characters, items or properties; false for nil. */
    static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case IntegerRange range -> range.size() == 0;
            case null, default -> false;
        };
    }

    /** Empty, nil, {@code false}, or only white space. */
    static boolean isBlank(@Nullable Object value) {
        return value == null
                || Boolean.FALSE.equals(value)
                || value instanceof String text && text.isBlank()
                || isEmpty(value);
    }

    /** A number never equals a text; 1 equals 1.0. */
    static boolean areEqual(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        return switch (a) {
            case null -> false;
            case Number x ->
                    b instanceof Number y
                            && LiquidNumbers.compare(LiquidNumbers.of(x), LiquidNumbers.of(y)) == 0;
            case List<?> x -> b instanceof List<?> y && areEqual(x, y);
            case Map<?, ?> x -> b instanceof Map<?, ?> y && areEqual(x, y);
            default -> a.equals(b);
        };
    }

    private static boolean areEqual(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!areEqual(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean areEqual(Map<?, ?> a, Map<?, ?> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream()
                        .allMatch(entry -> areEqual(entry.getValue(), b.get(entry.getKey())));
    }

    /** The value as it is rendered; lists and objects are rendered with their content. */
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case Number number -> LiquidNumbers.text(number);
            case List<?> _, Map<?, ?> _ -> inspected(value);
            default -> value.toString();
        };
    }

    /** The value as it is rendered inside a list or an object. */
    static String inspected(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        inspect(value, text);
        return text.toString();
    }

    private static void inspect(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("nil");
            case String text ->
                    out.append('"')
                            .append(
                                    text.replace("\\", "\\\\")
                                            .replace("\"", "\\\"")
                                            .replace("\n", "\\n")
                                            .replace("\r", "\\r")
                                            .replace("\t", "\\t"))
                            .append('"');
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    inspect(list.get(i), out);
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String comma = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(comma);
                    inspect(entry.getKey(), out);
                    out.append("=>");
                    inspect(entry.getValue(), out);
                    comma = ", ";
                }
                out.append('}');
            }
            default -> out.append(text(value));
        }
    }

    /** The property after a dot: a key, or {@code size}, {@code first} and {@code last}. */
    static @Nullable Object member(@Nullable Object value, String name) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Object property = map.get(name);
                yield property != null || map.containsKey(name) ? property : ofMap(map, name);
            }
            case List<?> list -> ofList(list, name);
            case String text -> ofText(text, name);
            case SafeHtml html -> ofText(html.text(), name);
            case IntegerRange range -> range.member(name);
            case LoopState loop -> loop.member(name);
            default -> null;
        };
    }

    private static @Nullable Object ofMap(Map<?, ?> map, String name) {
        return switch (name) {
            case "size" -> map.size();
            case "first" -> first(map);
            default -> null;
        };
    }

    static @Nullable Object first(Map<?, ?> map) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            return pair(entry);
        }
        return null;
    }

    static List<@Nullable Object> pair(Map.Entry<?, ?> entry) {
        return Arrays.asList(entry.getKey(), entry.getValue());
    }

    private static @Nullable Object ofList(List<?> list, String name) {
        return switch (name) {
            case "size" -> list.size();
            case "first" -> list.isEmpty() ? null : list.getFirst();
            case "last" -> list.isEmpty() ? null : list.getLast();
            default -> null;
        };
    }

    private static @Nullable Object ofText(String text, String name) {
        return switch (name) {
            case "size" -> text.codePointCount(0, text.length());
            case "first" -> firstCharacter(text);
            case "last" -> lastCharacter(text);
            default -> null;
        };
    }

    static String firstCharacter(String text) {
        return text.isEmpty() ? "" : text.substring(0, text.offsetByCodePoints(0, 1));
    }

    static String lastCharacter(String text) {
        return text.isEmpty() ? "" : text.substring(text.offsetByCodePoints(text.length(), -1));
    }

    /** The item in square brackets: an index, counted from the end if negative, or a key. */
    static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
        if (key == null) {
            return null;
        }
        return switch (value) {
            case Map<?, ?> map -> map.get(text(key));
            case List<?> list -> key instanceof Number number ? item(list, number) : null;
            case IntegerRange range ->
                    key instanceof Number number ? item(range.asList(), number) : null;
            case LoopState loop -> loop.member(text(key));
            case null, default -> null;
        };
    }

    private static @Nullable Object item(List<?> list, Number number) {
        if (!isInteger(number)) {
            return null;
        }
        int index = LiquidNumbers.clamped(LiquidNumbers.of(number));
        int from = index < 0 ? index + list.size() : index;
        return from >= 0 && from < list.size() ? list.get(from) : null;
    }

    static boolean isInteger(Number number) {
        return !(LiquidNumbers.of(number) instanceof BigDecimal);
    }
}
