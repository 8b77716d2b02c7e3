package io.mailgenius.jobs.templates.liquid;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a filter. */
public final class FilterArguments {

    private final @Nullable Object[] values;
    private final Map<String, @Nullable Object> named;

    FilterArguments(@Nullable Object[] values, Map<String, @Nullable Object> named) {
        this.values = values;
        this.named = named;
    }

    /** Null if the argument is missing or has no value. */
    public @Nullable Object get(int index) {
        return index < values.length ? values[index] : null;
    }

    boolean has(int index) {
        return index < values.length;
    }

    String text(int index) {
        return LiquidValues.text(get(index));
    }

    String text(int index, String otherwise) {
        return has(index) ? text(index) : otherwise;
    }

    Number number(int index) {
        return LiquidNumbers.of(get(index));
    }

    int integer(int index, int otherwise) {
        return has(index) ? LiquidNumbers.integer(get(index)) : otherwise;
    }

    boolean isSet(String name) {
        return LiquidValues.isTrue(named.get(name));
    }
}
