package io.mailgenius.api.access;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.converter.ClaimTypeConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestTemplate;

/**
 * The OpenID Connect provider of the installation, if it has one. Its metadata are read when the
 * first person signs in with it, so a node starts without it.
 */
@Component
class OidcProvider implements ClientRegistrationRepository, JwtDecoderFactory<ClientRegistration> {

    static final String ID = "oidc";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String issuer;
    private final String clientId;
    private final String clientSecret;
    private final String name;
    private final String redirectUri;
    private final @Nullable ClientHttpRequestFactory http;

    private volatile @Nullable ClientRegistration registration;
    private volatile @Nullable JwtDecoder decoder;

    OidcProvider(
            @Value("${mailgenius.oidc.issuer:}") String issuer,
            @Value("${mailgenius.oidc.client-id:}") String clientId,
            @Value("${mailgenius.oidc.client-secret:}") String clientSecret,
            @Value("${mailgenius.oidc.name:}") String name,
            @Value("${mailgenius.public-url:http://localhost:8080}") URI publicUrl) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.name = name;
        this.redirectUri = publicUrl + OidcSignIn.CALLBACK;
        this.http = issuer.isEmpty() ? null : bounded();
    }

    private static ClientHttpRequestFactory bounded() {
        JdkClientHttpRequestFactory http =
                new JdkClientHttpRequestFactory(
                        HttpClient.newBuilder().connectTimeout(PATIENCE).build());
        http.setReadTimeout(PATIENCE);
        return http;
    }

    boolean configured() {
        return !issuer.isEmpty();
    }

    /** For people to read. */
    String name() {
        return name;
    }

    /** Requests to the provider end after some seconds. */
    ClientHttpRequestFactory http() {
        return Objects.requireNonNull(http, "only with a provider");
    }

    /**
     * @throws IllegalStateException if the provider does not answer as one
     */
    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        if (!configured() || !id.equals(ID)) {
            return null;
        }
        ClientRegistration known = registration;
        if (known == null) {
            known = discovered();
            registration = known;
        }
        return known;
    }

    private ClientRegistration discovered() {
        Map<String, Object> metadata =
                Objects.requireNonNull(
                        new RestTemplate(http())
                                .exchange(
                                        issuer + "/.well-known/openid-configuration",
                                        HttpMethod.GET,
                                        null,
                                        new ParameterizedTypeReference<Map<String, Object>>() {})
                                .getBody(),
                        "metadata");
        // The setting has no slash at its end; some issuers have one.
        if (!issuer.equals(Objects.toString(metadata.get("issuer")).replaceFirst("/$", ""))) {
            throw new IllegalStateException(
                    "The provider at MAILGENIUS_OIDC_ISSUER names another issuer: "
                            + metadata.get("issuer"));
        }
        return ClientRegistrations.fromOidcConfiguration(metadata)
                .registrationId(ID)
                .clientId(clientId)
                .clientSecret(clientSecret)
                .clientName(name)
                .redirectUri(redirectUri)
                .scope("openid", "email", "profile")
                .build();
    }

    @Override
    public JwtDecoder createDecoder(ClientRegistration client) {
        JwtDecoder known = decoder;
        if (known == null) {
            known = decoder(client);
            decoder = known;
        }
        return known;
    }

    private JwtDecoder decoder(ClientRegistration client) {
        NimbusJwtDecoder made =
                NimbusJwtDecoder.withJwkSetUri(
                                Objects.requireNonNull(client.getProviderDetails().getJwkSetUri()))
                        .restOperations(new RestTemplate(http()))
                        .jwsAlgorithms(
                                it -> {
                                    it.add(SignatureAlgorithm.RS256);
                                    it.add(SignatureAlgorithm.PS256);
                                    it.add(SignatureAlgorithm.ES256);
                                    it.add(SignatureAlgorithm.ES384);
                                })
                        .build();
        made.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        new JwtTimestampValidator(), new OidcIdTokenValidator(client)));
        made.setClaimSetConverter(
                new ClaimTypeConverter(
                        OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
        return made;
    }
}
