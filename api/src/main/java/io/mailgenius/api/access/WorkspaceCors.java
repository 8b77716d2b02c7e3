package io.mailgenius.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.forms.Forms;
import io.mailgenius.jobs.workspaces.AllowedOrigins;
import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import io.mailgenius.jobs.workspaces.Workspaces;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.transaction.TransactionException;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/**
 * Lets scripts of the sites that a workspace names call its API with a key, and submit its forms.
 * Credentials of the browser (cookies) are never allowed. A form of a workspace that names no site
 * may be submitted from everywhere.
 */
@Configuration(proxyBeanMethods = false)
class WorkspaceCors {

    /**
     * Behind the bounds of requests and before Spring Security, which a preflight does not pass.
     */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 30;

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MOST = 10_000;
    private static final Duration PREFLIGHT = Duration.ofMinutes(5);

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private static final List<String> HEADERS =
            List.of(
                    "Authorization",
                    "Content-Type",
                    "Accept",
                    "X-Request-Id",
                    "Last-Event-ID",
                    "Tus-Resumable",
                    "Upload-Length",
                    "Upload-Offset",
                    "Upload-Metadata");

    private static final List<String> EXPOSED =
            List.of(
                    "Location",
                    "Retry-After",
                    "RateLimit",
                    "RateLimit-Policy",
                    "X-Request-Id",
                    "Content-Disposition",
                    "Tus-Resumable",
                    "Upload-Length",
                    "Upload-Offset");

    private static final CorsConfiguration FROM_NOWHERE = new CorsConfiguration();

    /** For forms of workspaces that name no site, as no credentials are sent. */
    private static final CorsConfiguration FROM_EVERYWHERE = allowing(List.of("*"));

    private final Workspaces workspaces;
    private final Forms forms;
    private final AllowedOrigins origins;
    private final Cache<String, Boolean> somewhere = cache();
    private final Cache<Long, List<String>> ofWorkspaces = cache();

    WorkspaceCors(Workspaces workspaces, Forms forms, AllowedOrigins origins) {
        this.workspaces = workspaces;
        this.forms = forms;
        this.origins = origins;
    }

    private static <K, V> Cache<K, V> cache() {
        return Caffeine.newBuilder()
                .expireAfterWrite(REMEMBERED)
                .maximumSize(MOST)
                .executor(Runnable::run)
                .build();
    }

    @Bean
    FilterRegistrationBean<CorsFilter> callsOfOtherSites() {
        CorsFilter cors = new CorsFilter(this::configuration);
        cors.setCorsProcessor(new Refusing());
        FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(cors);
        filter.addUrlPatterns("/api/*", "/s/*");
        filter.setOrder(ORDER);
        return filter;
    }

    /** Null leaves the answer without headers, which keeps it from the script. */
    private @Nullable CorsConfiguration configuration(HttpServletRequest request) {
        try {
            return known(request);
        } catch (DataAccessException | TransactionException away) {
            return null;
        }
    }

    private @Nullable CorsConfiguration known(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || !CorsUtils.isCorsRequest(request)) {
            return null;
        }
        if (request.getRequestURI().startsWith("/s/")) {
            return form(request.getRequestURI().substring("/s/".length()));
        }
        if (CorsUtils.isPreFlightRequest(request)) {
            return Boolean.TRUE.equals(somewhere.get(origin, origins::somewhere))
                    ? allowing(List.of(origin))
                    : FROM_NOWHERE;
        }
        return ofCaller(request).contains(origin) ? allowing(List.of(origin)) : null;
    }

    private CorsConfiguration form(String key) {
        OptionalLong workspace;
        try {
            workspace = forms.workspaceOf(UUID.fromString(key));
        } catch (IllegalArgumentException noKey) {
            return FROM_EVERYWHERE;
        }
        List<String> allowed = workspace.isEmpty() ? List.of() : of(workspace.getAsLong());
        return allowed.isEmpty() ? FROM_EVERYWHERE : allowing(allowed);
    }

    private List<String> ofCaller(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        Optional<ApiKeyPrincipal> key =
                header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)
                        ? Optional.empty()
                        : workspaces.bearer(header.substring(7).strip());
        return key.map(it -> of(it.workspaceId())).orElse(List.of());
    }

    private List<String> of(long workspaceId) {
        return ofWorkspaces.get(workspaceId, origins::of);
    }

    private static CorsConfiguration allowing(List<String> allowed) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(allowed);
        configuration.setAllowedMethods(METHODS);
        configuration.setAllowedHeaders(HEADERS);
        configuration.setExposedHeaders(EXPOSED);
        configuration.setAllowCredentials(false);
        configuration.setMaxAge(PREFLIGHT);
        return configuration;
    }

    /** Says what is wrong in the form of all problems. */
    private static final class Refusing extends DefaultCorsProcessor {

        @Override
        protected void rejectRequest(ServerHttpResponse response) throws IOException {
            response.setStatusCode(HttpStatus.FORBIDDEN);
            response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
            response.getBody()
                    .write(
                            """
                            {"title":"Not allowed","status":403,"problem":"origin-not-allowed","detail":"The workspace does not allow calls from scripts of this site: its allowedOrigins name those that it does."}"""
                                    .getBytes(StandardCharsets.UTF_8));
            response.flush();
        }
    }
}
