package io.mailgenius.engine.ledger;

import java.util.Map;

/**
 * What a chunk did, in figures that add up over chunks, for instance {@code read} and {@code
 * created}.
 */
public record Counts(Map<String, Long> values) {

    public static final Counts NONE = new Counts(Map.of());

    public Counts {
        values = Map.copyOf(values);
    }

    public static Counts of(String name, long value) {
        return new Counts(Map.of(name, value));
    }

    public static Counts of(String name, long value, String name2, long value2) {
        return new Counts(Map.of(name, value, name2, value2));
    }

    public static Counts of(
            String name, long value, String name2, long value2, String name3, long value3) {
        return new Counts(Map.of(name, value, name2, value2, name3, value3));
    }

    public long get(String name) {
        return values.getOrDefault(name, 0L);
    }
}
