package io.mailgenius.jobs.templates.liquid;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sort orders for the items of a list. Missing values come last. */
enum ItemOrder implements Comparator<@Nullable Object> {
    /** Numbers by value, then texts, then everything else. */
    EXACT {
        @Override
        int compareAll(Object a, Object b) {
            if (a instanceof Number x && b instanceof Number y) {
                return LiquidNumbers.compare(LiquidNumbers.of(x), LiquidNumbers.of(y));
            }
            if (a instanceof String x && b instanceof String y) {
                return x.compareTo(y);
            }
            return Integer.compare(kind(a), kind(b));
        }
    },
    /** Compares all items as text. */
    IGNORING_CASE {
        @Override
        int compareAll(Object a, Object b) {
            return String.CASE_INSENSITIVE_ORDER.compare(
                    LiquidValues.text(a), LiquidValues.text(b));
        }
    };

    abstract int compareAll(Object a, Object b);

    @Override
    public int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        return compareAll(a, b);
    }

    private static int kind(Object value) {
        return switch (value) {
            case Number _ -> 0;
            case String _ -> 1;
            case Boolean _ -> 2;
            case List<?> _ -> 3;
            case Map<?, ?> _ -> 4;
            default -> 5;
        };
    }
}
