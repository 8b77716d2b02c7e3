package io.mailgenius.api.json;

import io.mailgenius.api.problems.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of {@code /v3/api-docs} that cannot be derived from the controllers. */
@Configuration(proxyBeanMethods = false)
class Documentation {

    private static final String KEY = "apiKey";

    static {
        SpringDocUtils.getConfig()
                .replaceWithSchema(ObjectNode.class, new ObjectSchema())
                .replaceWithSchema(JsonNode.class, new ObjectSchema());
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("MailGenius")
                                .version("v1")
                                .description(
                                        "Contacts in, campaigns out, figures back. A key belongs to"
                                                + " one workspace, so no path names it."))
                .components(
                        new Components()
                                .addSecuritySchemes(
                                        KEY,
                                        new SecurityScheme()
                                                .type(SecurityScheme.Type.HTTP)
                                                .scheme("bearer")));
    }

    @Bean
    OpenApiCustomizer problemsAndKeys() {
        return api -> {
            ModelConverters.getInstance()
                    .read(Problem.class)
                    .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
            ApiResponse problem =
                    new ApiResponse()
                            .description("A problem (RFC 9457)")
                            .content(
                                    new Content()
                                            .addMediaType(
                                                    "application/problem+json",
                                                    new MediaType()
                                                            .schema(
                                                                    new Schema<>()
                                                                            .$ref("Problem"))));
            api.getPaths()
                    .forEach(
                            (path, item) ->
                                    item.readOperations()
                                            .forEach(
                                                    operation -> {
                                                        operation
                                                                .getResponses()
                                                                .addApiResponse("default", problem);
                                                        if (path.startsWith("/api/")) {
                                                            operation.addSecurityItem(
                                                                    new SecurityRequirement()
                                                                            .addList(KEY));
                                                        }
                                                    }));
        };
    }
}
