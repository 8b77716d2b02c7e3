package io.mailgenius.api.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Schemas of what no record describes, written by hand as resources. */
final class WrittenSchemas {

    static final String TIME_ZONE = "TimeZone";
    static final String ATTRIBUTE_VALUE = "AttributeValue";

    private static final String FILE = "/openapi/schemas.json";

    private WrittenSchemas() {}

    static String ref(String name) {
        return Components.COMPONENTS_SCHEMAS_REF + name;
    }

    static void addTo(Components components) {
        try (InputStream file = WrittenSchemas.class.getResourceAsStream(FILE)) {
            for (Map.Entry<String, JsonNode> written :
                    Json31.mapper().readTree(Objects.requireNonNull(file, FILE)).properties()) {
                components.addSchemas(
                        written.getKey(),
                        Json31.mapper().convertValue(written.getValue(), Schema.class));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
        components.addSchemas(TIME_ZONE, timeZone());
    }

    /** Names of the IANA's, without those that are nothing but old spellings of Java's own. */
    private static Schema<?> timeZone() {
        Schema<Object> schema = new Schema<>();
        schema.setTypes(Set.of("string"));
        schema.setDescription("The name of a time zone of the IANA's");
        schema.setEnum(
                ZoneId.getAvailableZoneIds().stream()
                        .filter(it -> !it.startsWith("SystemV/"))
                        .sorted()
                        .map(it -> (Object) it)
                        .toList());
        return schema;
    }
}
