package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.jobs.people.LinkedIdentities;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.jobs.people.RefusedSignIns;
import io.mailgenius.jobs.people.RefusedSignIns.Door;
import io.mailgenius.jobs.people.SignInResult;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizationRequestRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.ForwardAuthenticationFailureHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * Signing in with the {@link OidcProvider}: the code flow with state, nonce and PKCE, which Spring
 * Security runs. No token is kept: it says who somebody is, and no more is asked of it.
 */
@Component
class OidcSignIn {

    static final String START = "/sign-in/oidc";
    static final String CALLBACK = "/sign-in/oidc/callback";

    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);

    private final OidcProvider provider;
    private final LinkedIdentities identities;
    private final PersonSignIn people;
    private final SignInLimits limits;
    private final RefusedSignIns refused;

    OidcSignIn(
            OidcProvider provider,
            LinkedIdentities identities,
            PersonSignIn people,
            SignInLimits limits,
            RefusedSignIns refused) {
        this.provider = provider;
        this.identities = identities;
        this.people = people;
        this.limits = limits;
        this.refused = refused;
    }

    /** The account elsewhere belongs to nobody who may sign in here. */
    static final class NobodyHere extends OAuth2AuthenticationException {

        @Serial private static final long serialVersionUID = 1L;

        private final @Nullable String email;

        NobodyHere(@Nullable String email) {
            super(new OAuth2Error("nobody"), "The account belongs to nobody here");
            this.email = email;
        }

        /** That the provider has verified. */
        Optional<String> email() {
            return Optional.ofNullable(email);
        }
    }

    /** Somebody who is here, as Spring Security passes it on within the request. */
    private static final class KnownUser extends DefaultOidcUser {

        @Serial private static final long serialVersionUID = 1L;

        private final transient SignInResult.Accepted accepted;

        KnownUser(OidcUser user, SignInResult.Accepted accepted) {
            super(user.getAuthorities(), user.getIdToken(), user.getUserInfo());
            this.accepted = accepted;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    void configure(HttpSecurity http) throws Exception {
        if (!provider.configured()) {
            return;
        }
        AuthenticationFailureHandler failed = this::failed;
        http.oauth2Login(
                o ->
                        o.loginPage("/sign-in")
                                .clientRegistrationRepository(provider)
                                .authorizedClientRepository(new NoTokens())
                                .authorizationEndpoint(
                                        a ->
                                                a.authorizationRequestResolver(this.new Requests())
                                                        .authorizationRequestRepository(
                                                                new Begun()))
                                .redirectionEndpoint(r -> r.baseUri(CALLBACK))
                                .tokenEndpoint(t -> t.accessTokenResponseClient(tokens()))
                                .userInfoEndpoint(u -> u.oidcUserService(this::user))
                                .successHandler(this::signedIn)
                                .failureHandler(failed)
                                .withObjectPostProcessor(failingPlainly(failed)));
    }

    /** The filter that leads to the provider would answer 500 while that is away. */
    private static ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> failingPlainly(
            AuthenticationFailureHandler failed) {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
                filter.setAuthenticationFailureHandler(failed);
                return filter;
            }
        };
    }

    private RestClientAuthorizationCodeTokenResponseClient tokens() {
        RestClientAuthorizationCodeTokenResponseClient client =
                new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(
                RestClient.builder()
                        .requestFactory(provider.http())
                        .configureMessageConverters(
                                it ->
                                        it.addCustomConverter(new FormHttpMessageConverter())
                                                .addCustomConverter(
                                                        new OAuth2AccessTokenResponseHttpMessageConverter()))
                        .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                        .build());
        return client;
    }

    private OidcUser user(OidcUserRequest request) {
        RestTemplate rest = new RestTemplate(provider.http());
        rest.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
        DefaultOAuth2UserService userInfo = new DefaultOAuth2UserService();
        userInfo.setRestOperations(rest);
        OidcUserService service = new OidcUserService();
        service.setOauth2UserService(userInfo);
        OidcUser user = service.loadUser(request);
        String verified = Boolean.TRUE.equals(user.getEmailVerified()) ? user.getEmail() : null;
        SignInResult result;
        try {
            result =
                    identities.signIn(
                            new LinkedIdentities.Account(
                                    Objects.requireNonNull(user.getIssuer()).toString(),
                                    Objects.requireNonNull(user.getSubject()),
                                    verified,
                                    user.getFullName()));
        } catch (Passwords.Busy busy) {
            throw new TooManyAttempts(Duration.ofSeconds(5));
        }
        return switch (result) {
            case SignInResult.Accepted accepted -> new KnownUser(user, accepted);
            case SignInResult.Refused _ -> throw new NobodyHere(verified);
        };
    }

    private void signedIn(
            HttpServletRequest request, HttpServletResponse response, Authentication known)
            throws IOException {
        if (!(known.getPrincipal() instanceof KnownUser user)) {
            throw new IllegalStateException("Signed in by something else");
        }
        people.goOn(request, response, user.accepted);
    }

    private void failed(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException thrown)
            throws IOException, ServletException {
        String address = request.getRemoteAddr();
        AuthenticationException told =
                thrown.getCause() instanceof TooManyAttempts tooMany ? tooMany : thrown;
        if (!(told instanceof TooManyAttempts)) {
            LOG.info("A sign-in with {} failed: {}", provider.name(), told.getMessage());
            limits.failed(address);
            if (told instanceof NobodyHere nobody && nobody.email().isPresent()) {
                refused.ofEmail(Door.OIDC, nobody.email().get(), address);
            } else {
                refused.ofNobody(Door.OIDC, address);
            }
        }
        new ForwardAuthenticationFailureHandler("/sign-in/refused")
                .onAuthenticationFailure(request, response, told);
    }

    /** Leads to the provider, within limits, because a session begins with it. */
    private final class Requests implements OAuth2AuthorizationRequestResolver {

        private final DefaultOAuth2AuthorizationRequestResolver resolver =
                new DefaultOAuth2AuthorizationRequestResolver(provider, START);

        Requests() {
            resolver.setAuthorizationRequestCustomizer(
                    OAuth2AuthorizationRequestCustomizers.withPkce());
        }

        @Override
        public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
            if (!request.getMethod().equals("GET") || !request.getRequestURI().equals(START)) {
                return null;
            }
            Duration pause = limits.begin(request.getRemoteAddr());
            if (pause.isPositive()) {
                throw new TooManyAttempts(pause);
            }
            return resolver.resolve(request, OidcProvider.ID);
        }

        @Override
        public @Nullable OAuth2AuthorizationRequest resolve(
                HttpServletRequest request, String clientRegistrationId) {
            return null;
        }
    }

    /** State, nonce and PKCE are in the session, which ends soon if nobody comes back. */
    private static final class Begun
            implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

        private final HttpSessionOAuth2AuthorizationRequestRepository session =
                new HttpSessionOAuth2AuthorizationRequestRepository();

        @Override
        public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(
                HttpServletRequest request) {
            return session.loadAuthorizationRequest(request);
        }

        @Override
        public void saveAuthorizationRequest(
                OAuth2AuthorizationRequest begun,
                HttpServletRequest request,
                HttpServletResponse response) {
            ConsoleSession.beginUnknown(request);
            session.saveAuthorizationRequest(begun, request, response);
        }

        @Override
        public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
                HttpServletRequest request, HttpServletResponse response) {
            return session.removeAuthorizationRequest(request, response);
        }
    }

    private static final class NoTokens implements OAuth2AuthorizedClientRepository {

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // the interface has it so
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
                String clientRegistrationId, Authentication principal, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient authorizedClient,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {}

        @Override
        public void removeAuthorizedClient(
                String clientRegistrationId,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {}
    }
}
