package io.mailgenius.api.json;

import io.mailgenius.api.problems.UnreadablePart;
import java.io.InputStream;
import java.util.List;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What callers send is read strictly: a misspelt property is an error and not silence, and so is a
 * text that cannot be stored. For this side of HTTP only; what the modules below read among
 * themselves may grow.
 */
@Component
public class StrictJson {

    private final JsonMapper mapper;

    /**
     * @param customizers what Spring Boot and this application say of all mappers
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
                        .annotationIntrospector(
                                AnnotationIntrospector.pair(usual, new RequiredUnlessNullable()))
                        .build();
    }

    JsonMapper mapper() {
        return mapper;
    }

    /** For JSON that does not come as a whole body. */
    public <T> T read(InputStream json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JacksonException unreadable) {
            throw new UnreadablePart(unreadable);
        }
    }
}
