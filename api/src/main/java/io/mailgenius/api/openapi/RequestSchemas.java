package io.mailgenius.api.openapi;

import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all that a request may bring: no property that is not known, no number that does
 * not fit its type, and no U+0000, which cannot be stored.
 */
@SuppressWarnings("rawtypes") // As the lists of swagger-models are.
final class RequestSchemas {

    static final String STORABLE = "^[^\\u0000]*$";

    /** RFC 3339 has offsets up to 23:59, and java.time such as there are. */
    private static final String OFFSET = "([Zz]|[+-](0[0-9]|1[0-7]):[0-5][0-9])$";

    /** Of texts that few who only know the pattern would hit. */
    private static final Map<String, String> EXAMPLES =
            Map.of(
                    TextPatterns.SENDER, "Ann <ann@example.com>",
                    TextPatterns.WEB_ADDRESS, "https://example.com/welcome");

    private static final Set<String> CHECKED_BY_FORMAT =
            Set.of("date", "date-time", "email", "uuid", "uri", "binary");

    private final Map<String, Schema> named;
    private final Set<String> seen = new HashSet<>();

    private RequestSchemas(Map<String, Schema> named) {
        this.named = named;
    }

    static void complete(OpenAPI api) {
        RequestSchemas schemas = new RequestSchemas(api.getComponents().getSchemas());
        api.getPaths().values().forEach(item -> item.readOperations().forEach(schemas::complete));
    }

    private void complete(Operation operation) {
        RequestBody body = operation.getRequestBody();
        if (body != null && body.getContent() != null) {
            body.getContent().values().forEach(it -> visit(it.getSchema()));
            body.getContent().forEach(this::passOverParts);
            if (!Boolean.TRUE.equals(body.getRequired())) {
                body.getContent().values().forEach(RequestSchemas::orNull);
            }
        }
        List<Parameter> parameters = operation.getParameters();
        if (parameters != null) {
            parameters.forEach(it -> visit(it.getSchema()));
        }
    }

    /** Programs and browsers add parts of their own to a form; these are ignored. */
    private void passOverParts(String mediaType, MediaType content) {
        Schema<?> schema = content.getSchema();
        if (mediaType.startsWith("multipart/") && schema.get$ref() != null) {
            String ref = schema.get$ref();
            Schema<?> parts = named.get(ref.substring(ref.lastIndexOf('/') + 1));
            if (parts != null) {
                parts.setAdditionalProperties(true);
            }
        }
    }

    /** Where a body may be left out, null is none. */
    private static void orNull(MediaType content) {
        content.setSchema(new Schema<>().anyOf(List.of(content.getSchema(), Types.of("null"))));
    }

    private void visit(@Nullable Schema<?> schema) {
        if (schema == null) {
            return;
        }
        if (schema.get$ref() != null) {
            String name = schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1);
            if (seen.add(name)) {
                visit(named.get(name));
            }
            return;
        }
        if (Types.of(schema).contains("object")
                && schema.getProperties() != null
                && schema.getAdditionalProperties() == null) {
            schema.setAdditionalProperties(false);
        }
        Set<String> types = Types.of(schema);
        if (types.contains("string")) {
            text(schema);
        }
        if (types.contains("integer")) {
            bounds(schema);
        }
        parts(schema).forEach(this::visit);
    }

    private static List<Schema<?>> parts(Schema<?> schema) {
        List<Schema<?>> parts = new ArrayList<>();
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(parts::add);
        }
        for (List<Schema> several :
                List.of(
                        Objects.requireNonNullElse(schema.getAnyOf(), List.<Schema>of()),
                        Objects.requireNonNullElse(schema.getOneOf(), List.<Schema>of()),
                        Objects.requireNonNullElse(schema.getAllOf(), List.<Schema>of()))) {
            several.forEach(parts::add);
        }
        if (schema.getItems() != null) {
            parts.add(schema.getItems());
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> values) {
            parts.add(values);
        }
        return parts;
    }

    private static void text(Schema<?> schema) {
        String example = EXAMPLES.get(Objects.requireNonNullElse(schema.getPattern(), ""));
        if (example != null) {
            exemplify(schema, example);
        }
        if (schema.getPattern() == null && "date-time".equals(schema.getFormat())) {
            schema.setPattern(OFFSET);
        }
        if (schema.getPattern() == null
                && schema.getEnum() == null
                && schema.getConst() == null
                && !CHECKED_BY_FORMAT.contains(
                        Objects.requireNonNullElse(schema.getFormat(), ""))) {
            schema.setPattern(STORABLE);
        }
    }

    @SuppressWarnings("unchecked")
    private static void exemplify(Schema schema, String example) {
        schema.setExamples(List.of(example));
    }

    private static void bounds(Schema<?> schema) {
        boolean small = "int32".equals(schema.getFormat());
        if (schema.getMinimum() == null && schema.getExclusiveMinimumValue() == null) {
            schema.setMinimum(BigDecimal.valueOf(small ? Integer.MIN_VALUE : Long.MIN_VALUE));
        }
        if (schema.getMaximum() == null && schema.getExclusiveMaximumValue() == null) {
            schema.setMaximum(BigDecimal.valueOf(small ? Integer.MAX_VALUE : Long.MAX_VALUE));
        }
    }
}
