package io.mailgenius.api.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Bodies made from the schemas of the OpenAPI document, with one hostile value at each place. */
final class SchemaSamples {

    private static final String HOLE = "@@hole@@";
    private static final int DEEPEST = 4;

    private static final Map<String, String> BY_FORMAT =
            Map.of(
                    "email", "sample@example.com",
                    "date", "2026-01-31",
                    "date-time", "2026-01-31T10:00:00Z",
                    "uuid", "00000000-0000-0000-0000-000000000001",
                    "uri", "https://example.com/");

    private final JsonNode document;

    SchemaSamples(JsonNode document) {
        this.document = document;
    }

    /** Follows references. */
    JsonNode resolved(JsonNode schema) {
        JsonNode at = schema;
        while (at.path("$ref").isString()) {
            at = document.at(at.path("$ref").asString().substring(1));
        }
        return at;
    }

    /**
     * The body with each of the values at each of its places, one at a time: optional properties,
     * elements of lists and values of maps included.
     */
    void each(JsonNode schema, List<String> values, Consumer<String> visitor) {
        holes(
                schema,
                0,
                body -> {
                    String json = JsonMapper.shared().writeValueAsString(body);
                    values.forEach(value -> visitor.accept(json.replace('"' + HOLE + '"', value)));
                });
    }

    private void holes(JsonNode unresolved, int depth, Consumer<JsonNode> visitor) {
        visitor.accept(JsonNodeFactory.instance.stringNode(HOLE));
        JsonNode schema = resolved(unresolved);
        if (depth == DEEPEST) {
            return;
        }
        for (String several : List.of("anyOf", "oneOf", "allOf")) {
            if (!schema.has("properties")) {
                schema.path(several).forEach(part -> holes(part, depth + 1, visitor));
            }
        }
        schema.path("properties")
                .properties()
                .forEach(
                        property ->
                                holes(
                                        property.getValue(),
                                        depth + 1,
                                        value -> {
                                            ObjectNode body = object(schema, depth);
                                            body.set(property.getKey(), value);
                                            visitor.accept(body);
                                        }));
        if (schema.has("items")) {
            holes(
                    schema.path("items"),
                    depth + 1,
                    value -> visitor.accept(JsonNodeFactory.instance.arrayNode().add(value)));
        }
        if (schema.path("additionalProperties").isObject()) {
            holes(
                    schema.path("additionalProperties"),
                    depth + 1,
                    value ->
                            visitor.accept(
                                    JsonNodeFactory.instance.objectNode().set("plan", value)));
        }
    }

    /** What the schema requires, and nothing else. */
    JsonNode sample(JsonNode unresolved, int depth) {
        JsonNode schema = resolved(unresolved);
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (schema.path("enum").isArray()) {
            return schema.path("enum").path(0);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        for (String several : List.of("anyOf", "oneOf")) {
            if (schema.has(several) && !schema.has("properties")) {
                return sample(schema.path(several).path(0), depth + 1);
            }
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> {
                ArrayNode array = nodes.arrayNode();
                if (schema.path("minItems").asInt(0) > 0 && depth < DEEPEST) {
                    array.add(sample(schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "integer", "number" -> nodes.numberNode(1);
            case "boolean" -> nodes.booleanNode(true);
            default ->
                    nodes.stringNode(
                            BY_FORMAT.getOrDefault(
                                    schema.path("format").asString(""), "sample@example.com"));
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        Map<String, JsonNode> required = new LinkedHashMap<>();
        require(schema, schema.path("properties"), required, depth);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        required.forEach(object::set);
        return object;
    }

    /** Of alternatives the first. */
    private void require(
            JsonNode conditions, JsonNode properties, Map<String, JsonNode> required, int depth) {
        if (depth < DEEPEST) {
            conditions
                    .path("required")
                    .forEach(
                            name ->
                                    required.computeIfAbsent(
                                            name.asString(),
                                            it -> sample(properties.path(it), depth + 1)));
        }
        conditions.path("allOf").forEach(it -> require(it, properties, required, depth));
        for (String several : List.of("anyOf", "oneOf")) {
            if (conditions.path(several).isArray()) {
                require(conditions.path(several).path(0), properties, required, depth);
            }
        }
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asString("") : type.asString("");
    }
}
