package io.mailgenius.jobs.imports.rows;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON types that staged rows give to attributes: text, number or boolean. */
public final class StoredKinds {

    private static final String MIXED = "mixed";

    private final Map<String, String> kinds = new HashMap<>();

    private StoredKinds() {}

    /**
     * @param rows as they are copied; the last value of each are its attributes
     */
    public static StoredKinds of(CopyBuffer rows) {
        StoredKinds kinds = new StoredKinds();
        new String(rows.bytes(), 0, rows.length(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .filter(attributes -> attributes.startsWith("{"))
                .forEach(attributes -> kinds.see(JsonMapper.shared().readTree(read(attributes))));
        return kinds;
    }

    /** Without the escapes of COPY; in JSON only the backslash needs one. */
    private static String read(String copied) {
        return copied.replace("\\\\", "\\");
    }

    private void see(JsonNode attributes) {
        attributes.forEachEntry(
                (name, value) ->
                        kinds.merge(
                                name,
                                kind(value),
                                (seen, next) -> seen.equals(next) ? seen : MIXED));
    }

    private static String kind(JsonNode value) {
        return value.isNumber() ? "number" : value.isBoolean() ? "boolean" : "text";
    }

    /**
     * {@code text}, {@code number}, {@code boolean} or {@code mixed}; null if there is no value.
     */
    @Nullable
    public String of(String attribute) {
        return kinds.get(attribute);
    }
}
