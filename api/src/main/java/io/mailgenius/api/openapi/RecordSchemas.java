package io.mailgenius.api.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.LocalTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema requires and may be null in it, as the record says: a component that is not {@link
 * Nullable} must be there, in what is read and in what is written.
 */
final class RecordSchemas {

    /** Of components that name a zone of the IANA's; a contact may have anything there. */
    private static final Set<String> ZONES =
            Set.of("Change.timeZone", "Schedule.zone", "WarmUp.zone");

    private RecordSchemas() {}

    static void complete(OpenAPI api) {
        api.getComponents()
                .getSchemas()
                .forEach(
                        (name, schema) -> {
                            Class<?> type = SchemaNames.NAMES.classOf(name);
                            if (type != null && type.isRecord() && schema.getProperties() != null) {
                                complete(schema, type);
                            }
                        });
    }

    private static void complete(Schema<?> schema, Class<?> record) {
        Set<String> required = new LinkedHashSet<>();
        read(schema, record, required);
        schema.setRequired(required.isEmpty() ? null : List.copyOf(required));
    }

    private static void read(Schema<?> schema, Class<?> record, Set<String> required) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                read(schema, component.getType(), required);
                continue;
            }
            String name = nameOf(component);
            Schema<?> property = schema.getProperties().get(name);
            if (property == null) {
                continue;
            }
            if (ZONES.contains(record.getSimpleName() + "." + name)) {
                property = new Schema<>().$ref(WrittenSchemas.ref(WrittenSchemas.TIME_ZONE));
                schema.getProperties().put(name, property);
            }
            if (component.getType() == LocalTime.class) {
                property = timeOfDay();
                schema.getProperties().put(name, property);
            }
            if (component.getGenericType() instanceof ParameterizedType map
                    && map.getRawType() == Map.class
                    && map.getActualTypeArguments()[1] == Object.class) {
                property.setAdditionalProperties(
                        new Schema<>().$ref(WrittenSchemas.ref(WrittenSchemas.ATTRIBUTE_VALUE)));
            }
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                schema.getProperties().put(name, orNull(property));
            } else if (!isOptional(component)) {
                required.add(name);
            }
        }
    }

    private static String nameOf(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty()
                ? component.getName()
                : property.value();
    }

    /** It may be left out and must not be null: a change of a part of something. */
    private static boolean isOptional(RecordComponent component) {
        io.swagger.v3.oas.annotations.media.Schema said =
                component
                        .getAccessor()
                        .getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return said != null && said.requiredMode() == RequiredMode.NOT_REQUIRED;
    }

    /** In hours and minutes, as people write it. */
    private static Schema<?> timeOfDay() {
        Schema<?> schema = Types.of("string");
        schema.setPattern("^([01][0-9]|2[0-3]):[0-5][0-9]$");
        return schema;
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static Schema orNull(Schema property) {
        if (property.get$ref() != null) {
            return new Schema<>().anyOf(List.of(property, Types.of("null")));
        }
        Set<String> types = Types.of(property);
        if (types.isEmpty() || types.contains("null")) {
            return property;
        }
        Set<String> withNull = new LinkedHashSet<>(types);
        withNull.add("null");
        property.setTypes(withNull);
        List<Object> words = property.getEnum();
        if (words != null && words.stream().noneMatch(Objects::isNull)) {
            // A null of its own is not written into an enum: the words are one of two cases.
            property.setTypes(types);
            return new Schema<>().anyOf(List.of(property, Types.of("null")));
        }
        return property;
    }
}
