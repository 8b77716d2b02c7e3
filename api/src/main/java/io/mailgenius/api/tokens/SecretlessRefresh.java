package io.mailgenius.api.tokens;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Lets a process refresh its tokens without the secret of the client: the refresh token proves it,
 * and works once. Spring Security has this for clients with PKCE alone.
 */
final class SecretlessRefresh implements AuthenticationConverter, AuthenticationProvider {

    private final RegisteredClientRepository clients;

    SecretlessRefresh(RegisteredClientRepository clients) {
        this.clients = clients;
    }

    /** Only a request that shows no secret at all; any that does is judged by it. */
    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        String[] clientIds = request.getParameterValues(OAuth2ParameterNames.CLIENT_ID);
        boolean refreshes =
                AuthorizationGrantType.REFRESH_TOKEN
                        .getValue()
                        .equals(request.getParameter(OAuth2ParameterNames.GRANT_TYPE));
        boolean showsSecret =
                request.getHeader(HttpHeaders.AUTHORIZATION) != null
                        || request.getParameter(OAuth2ParameterNames.CLIENT_SECRET) != null;
        return !refreshes
                        || showsSecret
                        || clientIds == null
                        || clientIds.length != 1
                        || clientIds[0].isBlank()
                ? null
                : new OAuth2ClientAuthenticationToken(
                        clientIds[0], ClientAuthenticationMethod.NONE, null, null);
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
    }

    @Override
    public @Nullable Authentication authenticate(Authentication attempt) {
        OAuth2ClientAuthenticationToken asked = (OAuth2ClientAuthenticationToken) attempt;
        if (!asked.getClientAuthenticationMethod().equals(ClientAuthenticationMethod.NONE)) {
            return null;
        }
        RegisteredClient client = clients.findByClientId(asked.getName());
        if (client == null
                || !client.getClientAuthenticationMethods()
                        .contains(ClientAuthenticationMethod.NONE)) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        return new OAuth2ClientAuthenticationToken(client, ClientAuthenticationMethod.NONE, null);
    }
}
