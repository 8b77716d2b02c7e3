package io.mailgenius.api.json;

import java.util.List;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/** Reads request bodies by {@link StrictJson}, and accepts JSON only. */
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

    /** Removes the YAML converter, which a library registers and which reads leniently. */
    private static void withoutYaml(List<HttpMessageConverter<?>> converters) {
        converters.removeIf(
                converter ->
                        converter.getSupportedMediaTypes().stream()
                                .anyMatch(type -> type.getSubtype().contains("yaml")));
    }
}
