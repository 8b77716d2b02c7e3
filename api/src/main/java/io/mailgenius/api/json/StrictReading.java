package io.mailgenius.api.json;

import java.util.List;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/** Bodies are read by {@link StrictJson}, and nothing but JSON is read. */
@Configuration(proxyBeanMethods = false)
class StrictReading {

    @Bean
    @Order(100)
    ServerHttpMessageConvertersCustomizer strictBodies(StrictJson json) {
        return converters ->
                converters
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(json.mapper()))
                        .configureMessageConvertersList(StrictReading::withoutYaml);
    }

    /** It comes with a library, would read as leniently as that pleases, and nobody asked for it. */
    private static void withoutYaml(List<HttpMessageConverter<?>> converters) {
        converters.removeIf(
                converter ->
                        converter.getSupportedMediaTypes().stream()
                                .anyMatch(type -> type.getSubtype().contains("yaml")));
    }
}
