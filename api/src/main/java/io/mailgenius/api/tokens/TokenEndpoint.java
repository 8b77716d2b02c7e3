package io.mailgenius.api.tokens;

import io.mailgenius.jobs.clients.OAuthClientDirectory;
import io.mailgenius.jobs.clients.RefreshTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretPostAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2ClientCredentialsAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2RefreshTokenAuthenticationConverter;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Spring Security's authorization server, with two of its grants: client credentials and refresh
 * tokens. Its other endpoints are not reachable.
 */
@Configuration(proxyBeanMethods = false)
class TokenEndpoint {

    static final String TOKEN = "/oauth2/token";
    static final String REVOKE = "/oauth2/revoke";
    static final String KEYS = "/oauth2/jwks";

    @Bean
    @Order(0)
    SecurityFilterChain tokenEndpointChain(
            HttpSecurity http,
            OAuthClientDirectory directory,
            RefreshTokens refreshTokens,
            SigningKeySource keys,
            @Value("${mailgenius.public-url:http://localhost:8080}") String issuer)
            throws Exception {
        RegisteredClients clients = new RegisteredClients(directory);
        TokenFamilies families = new TokenFamilies(refreshTokens);
        OAuth2TokenGenerator<OAuth2Token> tokens = tokens(keys);
        SecretlessRefresh secretless = new SecretlessRefresh(clients);
        ClientSecretAuthenticationProvider secrets =
                new ClientSecretAuthenticationProvider(clients, families);
        secrets.setPasswordEncoder(new RegisteredClients.Secrets());
        ClientCredentials credentials =
                new ClientCredentials(
                        new OAuth2ClientCredentialsAuthenticationProvider(families, tokens),
                        refreshTokens);
        OAuthErrors errors = new OAuthErrors();
        return http.securityMatcher(TOKEN, REVOKE, KEYS)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .oauth2AuthorizationServer(
                        server ->
                                server.registeredClientRepository(clients)
                                        .authorizationService(families)
                                        .tokenGenerator(tokens)
                                        .authorizationServerSettings(
                                                AuthorizationServerSettings.builder()
                                                        .issuer(issuer)
                                                        .build())
                                        .clientAuthentication(
                                                c ->
                                                        c.errorResponseHandler(errors)
                                                                .authenticationConverters(
                                                                        all -> {
                                                                            all.clear();
                                                                            all.add(
                                                                                    new ClientSecretBasicAuthenticationConverter());
                                                                            all.add(
                                                                                    new ClientSecretPostAuthenticationConverter());
                                                                            all.add(secretless);
                                                                        })
                                                                .authenticationProviders(
                                                                        all -> {
                                                                            all.clear();
                                                                            all.add(secrets);
                                                                            all.add(secretless);
                                                                        }))
                                        .tokenRevocationEndpoint(
                                                r -> r.errorResponseHandler(errors))
                                        .tokenEndpoint(
                                                t ->
                                                        t.errorResponseHandler(errors)
                                                                .accessTokenRequestConverters(
                                                                        all -> {
                                                                            all.clear();
                                                                            all.add(
                                                                                    new OAuth2ClientCredentialsAuthenticationConverter());
                                                                            all.add(
                                                                                    new OAuth2RefreshTokenAuthenticationConverter());
                                                                        })
                                                                .authenticationProviders(
                                                                        all -> {
                                                                            all.clear();
                                                                            all.add(credentials);
                                                                            all.add(
                                                                                    new OAuth2RefreshTokenAuthenticationProvider(
                                                                                            families,
                                                                                            tokens));
                                                                        })))
                .authorizeHttpRequests(a -> a.anyRequest().authenticated())
                .exceptionHandling(e -> e.authenticationEntryPoint(errors::onAuthenticationFailure))
                .build();
    }

    private static OAuth2TokenGenerator<OAuth2Token> tokens(SigningKeySource keys) {
        JwtGenerator accessTokens = new JwtGenerator(new NimbusJwtEncoder(keys));
        accessTokens.setJwtCustomizer(context -> complete(context, keys));
        OAuth2TokenGenerator<OAuth2Token> refreshTokens =
                context ->
                        OAuth2TokenType.REFRESH_TOKEN.equals(context.getTokenType())
                                ? TokenFamilies.next(context.getAuthorization())
                                : null;
        return new DelegatingOAuth2TokenGenerator(accessTokens, refreshTokens);
    }

    private static void complete(JwtEncodingContext context, SigningKeySource keys) {
        context.getJwsHeader().type(AccessToken.TYPE).keyId(keys.current());
        context.getClaims().audience(List.of(AccessToken.AUDIENCE));
        AccessToken.write(
                context.getClaims(),
                context.getRegisteredClient().getClientId(),
                context.getAuthorizedScopes(),
                family(context));
    }

    private static @Nullable String family(OAuth2TokenContext context) {
        OAuth2Authorization refreshed = context.getAuthorization();
        Authentication asked = context.getAuthorizationGrant();
        return refreshed == null ? ClientCredentials.family(asked) : refreshed.getId();
    }

    /**
     * Accepts what this installation has signed, and that with RSA alone: a token says neither by
     * which kind of key it is to be verified nor that it need not be.
     */
    @Bean
    JwtDecoder accessTokens(SigningKeySource keys) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys).build();
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        new JwtTypeValidator(List.of(AccessToken.TYPE)),
                        new JwtTimestampValidator(AccessToken.CLOCKS),
                        new JwtAudienceValidator(AccessToken.AUDIENCE)));
        return token -> {
            // Outside of the decoder, for which every failure is one of the token.
            keys.set();
            return decoder.decode(token);
        };
    }
}
