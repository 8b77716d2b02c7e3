package io.mailgenius.api.openapi;

import io.swagger.v3.oas.models.media.Schema;
import java.util.LinkedHashSet;
import java.util.Set;

/** The types of a schema. OpenAPI 3.1 has several where 3.0 had one. */
final class Types {

    private Types() {}

    static Set<String> of(Schema<?> schema) {
        Set<String> several = schema.getTypes();
        if (several != null && !several.isEmpty()) {
            return several;
        }
        return schema.getType() == null ? Set.of() : Set.of(schema.getType());
    }

    /** One that springdoc may change: it takes null from what a path has. */
    static Schema<?> of(String type) {
        Schema<?> schema = new Schema<>();
        schema.setTypes(new LinkedHashSet<>(Set.of(type)));
        return schema;
    }
}
