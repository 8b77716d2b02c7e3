package io.mailgenius.engine.ledger;

import java.util.Map;

/**
 * The counts of a chunk, by name, for instance {@code read} and {@code created}. They can be summed
 * over chunks.
 */
public record ChunkCounts(Map<String, Long> values) {

    public static final ChunkCounts NONE = new ChunkCounts(Map.of());

    public ChunkCounts {
        values = Map.copyOf(values);
    }

    public static ChunkCounts of(String name, long value) {
        return new ChunkCounts(Map.of(name, value));
    }

    public static ChunkCounts of(String name, long value, String name2, long value2) {
        return new ChunkCounts(Map.of(name, value, name2, value2));
    }

    public static ChunkCounts of(
            String name, long value, String name2, long value2, String name3, long value3) {
        return new ChunkCounts(Map.of(name, value, name2, value2, name3, value3));
    }

    public long get(String name) {
        return values.getOrDefault(name, 0L);
    }
}
