package io.mailgenius.engine.partitioning;

import tools.jackson.databind.json.JsonMapper;

/** A partition of a step. {@link ChunkedStep#partitions} made its description. */
public record Partition(int number, String description, JsonMapper json) {

    public <T> T as(Class<T> type) {
        return json.readValue(description, type);
    }
}
