package io.mailgenius.api.access;

import io.mailgenius.api.problems.Problems;
import io.mailgenius.api.problems.SecondFactorNeeded;
import io.mailgenius.api.problems.Unmapped;
import io.mailgenius.jobs.audit.AuditTrail;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.ForwardAuthenticationFailureHandler;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;

/**
 * Two ways in. Programs show a key or a token with every request: no session, so nothing that
 * another site could ride on. People sign in with a password or a key: a session, and a token in
 * every form. {@link AccessRules} decide for both.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** Called by programs without a session, so there is no token to ask for. */
    private static final String[] WITHOUT_TOKEN = {"/u/*", "/p/*", "/s/*", "/c/*"};

    /**
     * A method that nobody declares is told so, and does nothing that a token would have to guard.
     */
    private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");

    /** Two times and a counter per filter and request, at which nobody looks. */
    @Bean
    SecurityObservationSettings withoutObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    AccessRules accessRules() {
        return new AccessRules();
    }

    @Bean
    @Order(1)
    SecurityFilterChain programs(
            HttpSecurity http,
            Callers callers,
            AccessRules rules,
            JwtDecoder accessTokens,
            AuditTrail trail,
            Problems problems)
            throws Exception {
        return http.securityMatcher("/api/**")
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .oauth2ResourceServer(
                        o ->
                                o.bearerTokenResolver(Callers::signedToken)
                                        .authenticationEntryPoint(
                                                (request, response, thrown) ->
                                                        problems.answer(thrown, request, response))
                                        .jwt(j -> j.decoder(accessTokens)))
                .addFilterBefore(
                        new CallerFilter(
                                problems,
                                trail,
                                callers::byHeader,
                                (request, response, thrown) ->
                                        problems.answer(thrown, request, response)),
                        AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(a -> a.anyRequest().access(rules))
                .exceptionHandling(
                        e ->
                                e.authenticationEntryPoint(
                                                (request, response, thrown) ->
                                                        problems.answer(thrown, request, response))
                                        .accessDeniedHandler(
                                                (request, response, thrown) ->
                                                        problems.answer(thrown, request, response)))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain console(
            HttpSecurity http,
            Callers callers,
            AccessRules rules,
            PersonSignIn signIn,
            OidcSignIn elsewhere,
            AuditTrail trail,
            Problems problems)
            throws Exception {
        elsewhere.configure(http);
        return http.csrf(
                        c ->
                                c.csrfTokenRepository(SessionCookies.formTokens())
                                        .requireCsrfProtectionMatcher(
                                                request -> CHANGING.contains(request.getMethod()))
                                        .ignoringRequestMatchers(WITHOUT_TOKEN))
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .securityContext(
                        c -> c.securityContextRepository(new NullSecurityContextRepository()))
                .headers(
                        h ->
                                h.frameOptions(f -> f.deny())
                                        .referrerPolicy(
                                                r ->
                                                        r.policy(
                                                                ReferrerPolicyHeaderWriter
                                                                        .ReferrerPolicy
                                                                        .NO_REFERRER))
                                        .crossOriginOpenerPolicy(
                                                c ->
                                                        c.policy(
                                                                CrossOriginOpenerPolicyHeaderWriter
                                                                        .CrossOriginOpenerPolicy
                                                                        .SAME_ORIGIN))
                                        .permissionsPolicyHeader(
                                                p ->
                                                        p.policy(
                                                                "camera=(), geolocation=(),"
                                                                        + " microphone=()"))
                                        .contentSecurityPolicy(
                                                p -> p.policyDirectives(BrowserPolicy.PAGE)))
                // Before the token is looked for, since it may stand in a part of a file's form.
                .addFilterBefore(
                        new CallerFilter(
                                problems,
                                trail,
                                callers::bySession,
                                (request, response, thrown) ->
                                        sendToSignIn(problems, request, response, thrown)),
                        CsrfFilter.class)
                .formLogin(
                        f ->
                                f.loginPage("/sign-in")
                                        .usernameParameter("email")
                                        .passwordParameter("password")
                                        .successHandler(signIn)
                                        .failureHandler(
                                                new ForwardAuthenticationFailureHandler(
                                                        "/sign-in/refused"))
                                        .withObjectPostProcessor(withoutKey()))
                .authorizeHttpRequests(a -> a.anyRequest().access(rules))
                .exceptionHandling(
                        e ->
                                e.authenticationEntryPoint(
                                                (request, response, thrown) ->
                                                        sendToSignIn(
                                                                problems, request, response,
                                                                thrown))
                                        .accessDeniedHandler(
                                                (request, response, thrown) ->
                                                        deny(problems, request, response, thrown)))
                .build();
    }

    /** A key at the same path is checked by the page itself. */
    private static ObjectPostProcessor<UsernamePasswordAuthenticationFilter> withoutKey() {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends UsernamePasswordAuthenticationFilter> O postProcess(O filter) {
                filter.setRequiresAuthenticationRequestMatcher(
                        request ->
                                request.getMethod().equals("POST")
                                        && request.getRequestURI().equals("/sign-in")
                                        && request.getParameter("key") == null);
                return filter;
            }
        };
    }

    private static void sendToSignIn(
            Problems problems,
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException thrown)
            throws IOException {
        if (request.getHeader("HX-Request") != null) {
            // htmx would put the page of a redirect into a corner of the one that is open.
            response.setHeader("HX-Redirect", "/sign-in");
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        } else if (Problems.wantsPage(request)) {
            response.sendRedirect("/sign-in");
        } else {
            problems.answer(thrown, request, response);
        }
    }

    private static void deny(
            Problems problems,
            HttpServletRequest request,
            HttpServletResponse response,
            AccessDeniedException thrown)
            throws IOException {
        if (thrown instanceof SecondFactorNeeded && Problems.wantsPage(request)) {
            response.sendRedirect("/account");
        } else if (Problems.wantsPage(request)) {
            // No view can be shown from here: the error dispatch shows it.
            request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, thrown);
            response.sendError(
                    thrown instanceof Unmapped
                            ? HttpServletResponse.SC_NOT_FOUND
                            : HttpServletResponse.SC_FORBIDDEN);
        } else {
            problems.answer(thrown, request, response);
        }
    }
}
