package io.mailgenius.api.openapi;

import io.mailgenius.jobs.analytics.Bucket;
import io.mailgenius.jobs.analytics.Comparison;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

/** What a parameter may be. Those that many operations have mean the same in all of them. */
final class ExactParameters {

    private ExactParameters() {}

    static @Nullable Parameter complete(@Nullable Parameter parameter, MethodParameter of) {
        if (parameter == null || parameter.getName() == null || parameter.getSchema() == null) {
            return parameter;
        }
        Schema<?> schema = parameter.getSchema();
        switch (parameter.getName()) {
            case "limit" -> schema.minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(Page.LIMIT));
            case "bucket" -> parameter.setSchema(words(schema));
            case "zone" -> parameter.setSchema(zone(schema));
            case "ids" -> {
                schema.minItems(Comparison.LEAST).maxItems(Comparison.MOST);
                schema.setUniqueItems(true);
            }
            case "email" -> {
                if ("path".equals(parameter.getIn())) {
                    // Of its own: springdoc hands out one schema for all texts of paths.
                    parameter.setSchema(Types.of("string").format("email"));
                }
            }
            case "id" -> {
                if (of.getParameterType() == String.class) {
                    parameter.setSchema(Types.of("string").format("uuid"));
                }
            }
            default -> {}
        }
        return parameter;
    }

    private static Schema<?> words(Schema<?> before) {
        Schema<Object> schema = new Schema<>();
        schema.setTypes(Set.of("string"));
        schema.setEnum(
                Arrays.stream(Bucket.values())
                        .map(it -> (Object) it.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toList()));
        schema.setDefault(before.getDefault());
        return schema;
    }

    private static Schema<?> zone(Schema<?> before) {
        Schema<Object> schema = new Schema<>();
        schema.set$ref(WrittenSchemas.ref(WrittenSchemas.TIME_ZONE));
        schema.setDefault(before.getDefault());
        return schema;
    }
}
