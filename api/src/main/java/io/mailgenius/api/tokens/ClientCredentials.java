package io.mailgenius.api.tokens;

import io.mailgenius.jobs.clients.RefreshTokens;
import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * The grant of client credentials, with what Spring Security leaves open: without a scope the token
 * has all that the client has, and clients that are made for it get a refresh token too.
 */
final class ClientCredentials implements AuthenticationProvider {

    /** Replaces whatever the request called so. */
    private static final String FAMILY = "family";

    private final OAuth2ClientCredentialsAuthenticationProvider grant;
    private final RefreshTokens refreshTokens;

    ClientCredentials(
            OAuth2ClientCredentialsAuthenticationProvider grant, RefreshTokens refreshTokens) {
        this.grant = grant;
        this.refreshTokens = refreshTokens;
        grant.setAuthenticationValidator(ClientCredentials::requireScopes);
    }

    /** A scope that the client has, or one that is implied by those. */
    private static void requireScopes(OAuth2ClientCredentialsAuthenticationContext context) {
        OAuth2ClientCredentialsAuthenticationToken asked = context.getAuthentication();
        Set<String> held = context.getRegisteredClient().getScopes();
        for (String scope : asked.getScopes()) {
            boolean has =
                    scope.equals(Permissions.EVERYTHING)
                            ? held.contains(scope)
                            : Permissions.known().contains(scope) && Permissions.allow(held, scope);
            if (!has) {
                throw new OAuth2AuthenticationException(
                        new OAuth2Error(
                                OAuth2ErrorCodes.INVALID_SCOPE,
                                "The client does not have a scope that was asked for.",
                                null));
            }
        }
    }

    /** The family of the token that is being issued. */
    static @Nullable String family(@Nullable Authentication asked) {
        return asked instanceof OAuth2ClientCredentialsAuthenticationToken credentials
                        && credentials.getAdditionalParameters().get(FAMILY)
                                instanceof String family
                ? family
                : null;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return grant.supports(authentication);
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        OAuth2ClientCredentialsAuthenticationToken asked =
                (OAuth2ClientCredentialsAuthenticationToken) attempt;
        if (!(asked.getPrincipal() instanceof OAuth2ClientAuthenticationToken principal)
                || principal
                        .getClientAuthenticationMethod()
                        .equals(ClientAuthenticationMethod.NONE)) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        RegisteredClient client = Objects.requireNonNull(principal.getRegisteredClient());
        Set<String> scopes = asked.getScopes().isEmpty() ? client.getScopes() : asked.getScopes();
        boolean refreshable =
                client.getAuthorizationGrantTypes().contains(AuthorizationGrantType.REFRESH_TOKEN);
        UUID family = UUID.randomUUID();
        OAuth2AccessTokenAuthenticationToken granted =
                (OAuth2AccessTokenAuthenticationToken)
                        Objects.requireNonNull(
                                grant.authenticate(
                                        new OAuth2ClientCredentialsAuthenticationToken(
                                                principal,
                                                scopes,
                                                refreshable
                                                        ? Map.of(FAMILY, family.toString())
                                                        : Map.of())));
        return refreshable ? withRefreshToken(granted, principal, family, scopes) : granted;
    }

    private OAuth2AccessTokenAuthenticationToken withRefreshToken(
            OAuth2AccessTokenAuthenticationToken granted,
            OAuth2ClientAuthenticationToken principal,
            UUID id,
            Set<String> scopes) {
        RegisteredClient client = granted.getRegisteredClient();
        String token = RefreshTokens.create();
        RefreshTokens.Family family =
                WorkspaceScope.call(
                        RegisteredClients.workspace(client),
                        () ->
                                refreshTokens.begin(
                                        id, RegisteredClients.number(client), scopes, token));
        return new OAuth2AccessTokenAuthenticationToken(
                client,
                principal,
                granted.getAccessToken(),
                new OAuth2RefreshToken(token, Instant.now(), family.expiresAt()));
    }
}
