package io.mailgenius.api.json;

import java.util.List;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What callers send is read strictly: a misspelt property is an error and not silence. For this
 * side of HTTP only; what the modules below read among themselves may grow.
 */
@Configuration(proxyBeanMethods = false)
class StrictReading {

    @Bean
    @Order(100)
    ServerHttpMessageConvertersCustomizer strictJson(JsonMapper mapper) {
        JsonMapper strict =
                mapper.rebuild()
                        .enable(
                                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                                DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                        .annotationIntrospector(
                                AnnotationIntrospector.pair(
                                        mapper.serializationConfig().getAnnotationIntrospector(),
                                        new RequiredUnlessNullable()))
                        .build();
        return converters ->
                converters
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(strict))
                        .configureMessageConvertersList(StrictReading::withoutYaml);
    }

    /**
     * It comes with a library, would read as leniently as that pleases, and nobody asked for it.
     */
    private static void withoutYaml(List<HttpMessageConverter<?>> converters) {
        converters.removeIf(
                converter ->
                        converter.getSupportedMediaTypes().stream()
                                .anyMatch(type -> type.getSubtype().contains("yaml")));
    }
}
