package io.mailgenius.api.openapi;

import io.mailgenius.jobs.workspaces.Permissions;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.OAuthFlow;
import io.swagger.v3.oas.models.security.OAuthFlows;
import io.swagger.v3.oas.models.security.Scopes;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.customizers.ParameterCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code /v3/api-docs} says beyond what can be read off the controllers. */
@Configuration(proxyBeanMethods = false)
class Documentation {

    private static final String KEY = "apiKey";
    private static final String CLIENT = "oauthClient";

    static {
        SpringDocUtils.getConfig()
                .replaceWithSchema(ObjectNode.class, Types.of("object"))
                .replaceWithSchema(JsonNode.class, Types.of("object"));
        SchemaNames.install();
    }

    @Bean
    OpenAPI openApi() {
        Components components =
                new Components()
                        .addSecuritySchemes(
                                KEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer"))
                        .addSecuritySchemes(CLIENT, oauthClient());
        return new OpenAPI()
                .info(
                        new Info()
                                .title("MailGenius")
                                .version("v1")
                                .description(
                                        "Contacts in, campaigns out, figures back. A key belongs to"
                                                + " one workspace, so no path names it."))
                .components(components);
    }

    private static SecurityScheme oauthClient() {
        Scopes scopes = new Scopes();
        Permissions.known().forEach(it -> scopes.addString(it, "see docs/permissions.md"));
        return new SecurityScheme()
                .type(SecurityScheme.Type.OAUTH2)
                .flows(
                        new OAuthFlows()
                                .clientCredentials(
                                        new OAuthFlow().tokenUrl("/oauth2/token").scopes(scopes)));
    }

    @Bean
    ParameterCustomizer exactParameters() {
        return ExactParameters::complete;
    }

    @Bean
    OperationCustomizer declaredResponses() {
        return DeclaredResponses::complete;
    }

    @Bean
    OpenApiCustomizer exactSchemas(List<PathsOfFilters> filters) {
        return api -> {
            filters.forEach(it -> it.addTo(api.getPaths()));
            DeclaredResponses.addTo(api.getComponents());
            WrittenSchemas.addTo(api.getComponents());
            DeclaredResponses.ofFilters(api.getPaths());
            RecordSchemas.complete(api);
            Alternatives.complete(api.getComponents());
            RequestSchemas.complete(api);
            api.getPaths()
                    .forEach(
                            (path, item) -> {
                                if (path.startsWith("/api/")) {
                                    item.readOperations()
                                            .forEach(
                                                    operation ->
                                                            operation
                                                                    .addSecurityItem(
                                                                            new SecurityRequirement()
                                                                                    .addList(KEY))
                                                                    .addSecurityItem(
                                                                            new SecurityRequirement()
                                                                                    .addList(
                                                                                            CLIENT)));
                                }
                            });
        };
    }
}
