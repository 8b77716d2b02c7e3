package io.mailgenius.api.tokens;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mailgenius.jobs.workspaces.Permissions;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * How clients find the token endpoint (RFC 8414). Spring Security's own page names endpoints that
 * are not open here.
 */
@Hidden
@RestController
class AuthorizationServerPage {

    private final Metadata metadata;

    AuthorizationServerPage(
            @Value("${mailgenius.public-url:http://localhost:8080}") String issuer) {
        metadata =
                new Metadata(
                        issuer,
                        issuer + TokenEndpoint.TOKEN,
                        issuer + TokenEndpoint.REVOKE,
                        issuer + TokenEndpoint.KEYS,
                        List.of("client_credentials", "refresh_token"),
                        List.of("client_secret_basic", "client_secret_post", "none"),
                        List.of(),
                        List.copyOf(Permissions.known()));
    }

    record Metadata(
            String issuer,
            @JsonProperty("token_endpoint") String tokenEndpoint,
            @JsonProperty("revocation_endpoint") String revocationEndpoint,
            @JsonProperty("jwks_uri") String keys,
            @JsonProperty("grant_types_supported") List<String> grantTypes,
            @JsonProperty("token_endpoint_auth_methods_supported") List<String> authentications,
            @JsonProperty("response_types_supported") List<String> responseTypes,
            @JsonProperty("scopes_supported") List<String> scopes) {}

    @GetMapping("/.well-known/oauth-authorization-server")
    Metadata metadata() {
        return metadata;
    }
}
