package io.mailgenius.api.tokens;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.http.converter.OAuth2ErrorHttpMessageConverter;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Answers of the token endpoint to requests that are refused (RFC 6749, section 5.2). */
final class OAuthErrors implements AuthenticationFailureHandler {

    private final OAuth2ErrorHttpMessageConverter converter = new OAuth2ErrorHttpMessageConverter();

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException thrown)
            throws IOException {
        OAuth2Error error =
                thrown instanceof OAuth2AuthenticationException refused
                        ? refused.getError()
                        : new OAuth2Error(OAuth2ErrorCodes.INVALID_CLIENT);
        boolean unknown = error.getErrorCode().equals(OAuth2ErrorCodes.INVALID_CLIENT);
        if (unknown) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"oauth2\"");
        }
        ServletServerHttpResponse answer = new ServletServerHttpResponse(response);
        answer.setStatusCode(unknown ? HttpStatus.UNAUTHORIZED : HttpStatus.BAD_REQUEST);
        converter.write(described(error), MediaType.APPLICATION_JSON, answer);
    }

    /** Says what to do, and not which of id and secret was wrong. */
    private static OAuth2Error described(OAuth2Error error) {
        String description =
                switch (error.getErrorCode()) {
                    case OAuth2ErrorCodes.INVALID_CLIENT ->
                            "The client is not known or was revoked, or this is not its secret.";
                    case OAuth2ErrorCodes.INVALID_GRANT ->
                            "The refresh token is not valid any more: get a token with the secret.";
                    case OAuth2ErrorCodes.UNSUPPORTED_GRANT_TYPE ->
                            "grant_type is client_credentials or refresh_token.";
                    case String other -> error.getDescription();
                };
        return new OAuth2Error(error.getErrorCode(), description, null);
    }
}
