package io.mailgenius.api.tokens;

import io.mailgenius.jobs.clients.RefreshTokens;
import io.mailgenius.jobs.clients.RefreshTokens.Family;
import io.mailgenius.schema.WorkspaceScope;
import java.security.Principal;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * Families of refresh tokens, as Spring Security's authorization server takes them: for it each is
 * an authorization. Access tokens are signed and not stored.
 */
final class TokenFamilies implements OAuth2AuthorizationService {

    private static final String FAMILY = "mailgenius.family";
    private static final String SHOWN = "mailgenius.shown";

    private final RefreshTokens refreshTokens;

    TokenFamilies(RefreshTokens refreshTokens) {
        this.refreshTokens = refreshTokens;
    }

    /** Of the client that has shown who it is: nobody finds a token of another workspace. */
    @Override
    public @Nullable OAuth2Authorization findByToken(
            String token, @Nullable OAuth2TokenType tokenType) {
        if (!(SecurityContextHolder.getContext().getAuthentication()
                instanceof OAuth2ClientAuthenticationToken principal)) {
            return null;
        }
        RegisteredClient client = Objects.requireNonNull(principal.getRegisteredClient());
        Optional<Family> family =
                WorkspaceScope.call(
                        RegisteredClients.workspace(client), () -> refreshTokens.find(token));
        return family.filter(it -> it.client() == RegisteredClients.number(client))
                .map(it -> authorization(it, token, client, principal))
                .orElse(null);
    }

    private static OAuth2Authorization authorization(
            Family family,
            String token,
            RegisteredClient client,
            OAuth2ClientAuthenticationToken principal) {
        return OAuth2Authorization.withRegisteredClient(client)
                .id(family.id().toString())
                .principalName(client.getClientId())
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .authorizedScopes(family.scopes())
                .attribute(Principal.class.getName(), principal)
                .attribute(FAMILY, family)
                .attribute(SHOWN, token)
                .refreshToken(
                        new OAuth2RefreshToken(
                                token,
                                family.expiresAt().minus(RefreshTokens.FAMILY_LIFE),
                                family.expiresAt()))
                .build();
    }

    /** After a refresh, or the revocation of a refresh token; of the first grant there is none. */
    @Override
    public void save(OAuth2Authorization authorization) {
        Family family = authorization.getAttribute(FAMILY);
        String shown = authorization.getAttribute(SHOWN);
        OAuth2Authorization.Token<OAuth2RefreshToken> token = authorization.getRefreshToken();
        if (family == null || shown == null || token == null) {
            return;
        }
        long workspace =
                RegisteredClients.workspace(
                        Objects.requireNonNull(
                                Objects.requireNonNull(
                                                authorization
                                                        .<OAuth2ClientAuthenticationToken>
                                                                getAttribute(
                                                                        Principal.class.getName()))
                                        .getRegisteredClient()));
        boolean done =
                WorkspaceScope.call(
                        workspace,
                        () -> {
                            if (token.isInvalidated()) {
                                refreshTokens.end(family);
                                return true;
                            }
                            return refreshTokens.replace(
                                    family, shown, token.getToken().getTokenValue());
                        });
        if (!done) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT);
        }
    }

    /** The token that follows ends with its family. */
    static OAuth2RefreshToken next(@Nullable OAuth2Authorization authorization) {
        Family family = Objects.requireNonNull(authorization).getAttribute(FAMILY);
        return new OAuth2RefreshToken(
                RefreshTokens.create(), Instant.now(), Objects.requireNonNull(family).expiresAt());
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        throw new UnsupportedOperationException("No grant that is admitted removes a family");
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return null;
    }
}
