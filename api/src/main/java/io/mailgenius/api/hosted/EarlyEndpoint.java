package io.mailgenius.api.hosted;

import io.mailgenius.api.problems.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.web.HttpRequestMethodNotSupportedException;

/**
 * A high-volume endpoint that authenticates requests by itself. As a filter it answers before
 * Spring Security and Spring MVC, whose overhead would exceed its own cost.
 */
public abstract class EarlyEndpoint extends HttpFilter {

    private final transient Problems problems;
    private final List<String> methods;

    public EarlyEndpoint(Problems problems, String... methods) {
        this.problems = problems;
        this.methods = List.of(methods);
    }

    @Override
    protected final void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException {
        try {
            if (!methods.contains(request.getMethod())) {
                throw new HttpRequestMethodNotSupportedException(request.getMethod(), methods);
            }
            answer(request, response);
        } catch (HttpRequestMethodNotSupportedException | RuntimeException problem) {
            refuse(problem, request, response);
        }
    }

    protected abstract void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException;

    void refuse(Exception problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        problems.answer(problem, request, response);
    }
}
