package io.mailgenius.api.limits;

import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.api.problems.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits how often one address may present keys, tokens and secrets that are refused, since each
 * has to be looked up in the database. It stands before Spring Security.
 */
final class RefusedKeys extends OncePerRequestFilter {

    /** Where the secret of a client may stand in the body. */
    static final String TOKEN_ENDPOINT = "/oauth2/token";

    private final @Nullable SharedBuckets buckets;
    private final Problems problems;

    /**
     * @param buckets of addresses; null for no limit
     */
    RefusedKeys(@Nullable SharedBuckets buckets, Problems problems) {
        this.buckets = buckets;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return buckets == null
                || request.getHeader(HttpHeaders.AUTHORIZATION) == null
                        && !request.getServletPath().equals(TOKEN_ENDPOINT);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        SharedBuckets limited = Objects.requireNonNull(buckets);
        String client = Clients.network(request.getRemoteAddr());
        Duration pause = limited.pause(client);
        if (pause.isPositive()) {
            problems.answer(
                    new ProblemFound(
                            429,
                            "too-many-refused-keys",
                            "Too many requests",
                            "Too many keys from this address were refused. Check the key, and try again after the seconds in Retry-After.",
                            pause),
                    request,
                    response);
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpServletResponse.SC_UNAUTHORIZED) {
            limited.take(client);
        }
    }

    @Override
    public void destroy() {
        if (buckets != null) {
            buckets.close();
        }
    }
}
