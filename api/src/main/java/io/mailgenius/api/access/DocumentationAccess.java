package io.mailgenius.api.access;

import io.mailgenius.api.problems.Problems;
import io.mailgenius.jobs.audit.AuditTrail;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * Who may read the description of the API: whoever has a key or is signed in, and everybody at the
 * {@link ManagementPort}.
 */
@Configuration(proxyBeanMethods = false)
class DocumentationAccess {

    @Bean
    @Order(0)
    SecurityFilterChain readers(
            HttpSecurity http,
            Callers callers,
            AuditTrail trail,
            Problems problems,
            ManagementPort managementPort)
            throws Exception {
        return http.securityMatcher(
                        "/v3/api-docs",
                        "/v3/api-docs/**",
                        "/v3/api-docs.yaml",
                        "/swagger-ui.html",
                        "/swagger-ui/**")
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(
                        h ->
                                h.contentSecurityPolicy(
                                        p ->
                                                p.policyDirectives(
                                                        BrowserPolicy.PAGE_WITH_INLINE_STYLES)))
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(
                        new CallerFilter(
                                problems,
                                trail,
                                request ->
                                        callers.byHeader(request)
                                                .or(() -> callers.bySession(request)),
                                (request, response, thrown) ->
                                        problems.answer(thrown, request, response)),
                        AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(
                        a ->
                                a.anyRequest()
                                        .access(
                                                (who, context) ->
                                                        new AuthorizationDecision(
                                                                who.get()
                                                                                instanceof
                                                                                CallerAuthentication
                                                                        || managementPort.received(
                                                                                context
                                                                                        .getRequest()))))
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
}
