package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The custom fields of a contact: a JSON object with limits, because it is read for every mail. */
record Attributes(ObjectNode json) {

    static final int MAX_KEYS = 200;
    static final int MAX_BYTES = 64 * 1024;

    /** Keeps the digits of a number as they were written: 10.00 is not changed to 10.0. */
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    static Attributes of(Map<String, Object> values) {
        try {
            return new Attributes((ObjectNode) composed(JSON.valueToTree(values))).checked();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Refusal.Invalid("attributes-are-no-json", "attributes must be JSON values.");
        }
    }

    static Map<String, Object> read(String stored) {
        return JSON.readValue(stored, MAP);
    }

    Attributes patched(JsonNode patch) {
        if (patch.isNull()) {
            return of(Map.of());
        }
        if (!(patch instanceof ObjectNode object)) {
            throw new Refusal.Invalid(
                    "attributes-are-no-object", "attributes must be a JSON object or null.");
        }
        return new Attributes(merged(json, (ObjectNode) composed(object))).checked();
    }

    /** Names and texts in Unicode normal form C. */
    private static JsonNode composed(JsonNode node) {
        return switch (node) {
            case StringNode text ->
                    JSON.getNodeFactory().stringNode(NormalizedText.of(text.stringValue()));
            case ObjectNode object -> {
                ObjectNode composed = JSON.createObjectNode();
                object.properties()
                        .forEach(
                                field ->
                                        composed.set(
                                                NormalizedText.of(field.getKey()),
                                                composed(field.getValue())));
                yield composed;
            }
            case ArrayNode array -> {
                ArrayNode composed = JSON.createArrayNode();
                array.forEach(child -> composed.add(composed(child)));
                yield composed;
            }
            default -> node;
        };
    }

    private static ObjectNode merged(ObjectNode into, ObjectNode patch) {
        ObjectNode result = into.deepCopy();
        for (var field : patch.properties()) {
            JsonNode now = field.getValue();
            if (now.isNull()) {
                result.remove(field.getKey());
            } else if (now instanceof ObjectNode inner) {
                ObjectNode before =
                        result.get(field.getKey()) instanceof ObjectNode stored
                                ? stored
                                : JSON.createObjectNode();
                result.set(field.getKey(), merged(before, inner));
            } else {
                result.set(field.getKey(), now);
            }
        }
        return result;
    }

    private Attributes checked() {
        if (json.size() > MAX_KEYS) {
            throw new Refusal.Invalid(
                    "too-many-attributes",
                    "A contact would have %,d attributes; at most %d are kept."
                            .formatted(json.size(), MAX_KEYS));
        }
        int bytes = stored().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new Refusal.Invalid(
                    "attributes-too-large",
                    "A contact's attributes would take %,d bytes; at most %,d are kept."
                            .formatted(bytes, MAX_BYTES));
        }
        if (hasNul(json)) {
            throw new Refusal.Invalid(
                    "attributes-have-nul",
                    "An attribute contains the character U+0000, which cannot be stored; remove it.");
        }
        return this;
    }

    private static boolean hasNul(JsonNode node) {
        if (node.isString()) {
            return node.stringValue().indexOf('\0') >= 0;
        }
        for (Iterator<String> names = node.propertyNames().iterator(); names.hasNext(); ) {
            if (names.next().indexOf('\0') >= 0) {
                return true;
            }
        }
        for (JsonNode child : node) {
            if (hasNul(child)) {
                return true;
            }
        }
        return false;
    }

    String stored() {
        return JSON.writeValueAsString(json);
    }
}
