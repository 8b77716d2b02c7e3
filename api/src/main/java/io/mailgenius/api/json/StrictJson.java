package io.mailgenius.api.json;

import io.mailgenius.api.problems.UnreadablePart;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON of API callers strictly: unknown properties and strings that cannot be stored are
 * errors. It is used for HTTP requests only; stored JSON is read leniently, so that it can evolve.
 */
@Component
public class StrictJson {

    private final JsonMapper mapper;

    /**
     * @param customizers the mapper customizers of Spring Boot and this application
     */
    StrictJson(List<JsonMapperBuilderCustomizer> customizers) {
        JsonMapper.Builder builder = JsonMapper.builder(new StorableJson());
        customizers.forEach(it -> it.customize(builder));
        AnnotationIntrospector usual =
                builder.build().serializationConfig().getAnnotationIntrospector();
        mapper =
                builder.enable(
                                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                                DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .annotationIntrospector(
                                AnnotationIntrospector.pair(usual, new RequiredUnlessNullable()))
                        .build();
    }

    JsonMapper mapper() {
        return mapper;
    }

    /**
     * Reads JSON that is only a part of a body.
     *
     * @return null for null
     */
    public <T> @Nullable T read(InputStream json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JacksonException unreadable) {
            throw new UnreadablePart(unreadable);
        }
    }
}
