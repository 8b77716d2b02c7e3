package io.mailgenius.engine.partitioning;

import tools.jackson.databind.json.JsonMapper;

/** One partition of a step; its description was made by {@link ChunkedStep#partitions}. */
public record Partition(int number, String description, JsonMapper json) {

    public <T> T as(Class<T> type) {
        return json.readValue(description, type);
    }
}
