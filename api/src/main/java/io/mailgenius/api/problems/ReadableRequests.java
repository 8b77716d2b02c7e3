package io.mailgenius.api.problems;

import io.mailgenius.jobs.workspaces.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Map;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Rejects requests whose query or form is malformed or contains text that cannot be stored. It runs
 * before all filters that may access a parameter.
 */
@Component
@Order(Filters.READABLE_REQUESTS)
final class ReadableRequests extends OncePerRequestFilter {

    private final Problems problems;

    ReadableRequests(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            QueryString.require(request.getQueryString());
            chain.doFilter(new CheckedParameters(request), response);
        } catch (InvalidParameterException
                | RequestRejectedException
                | Refusal.Invalid unreadable) {
            refuse(unreadable, request, response);
        }
    }

    /** A filter cannot render a view; for browsers the error dispatch renders one. */
    private void refuse(
            RuntimeException unreadable, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (Problems.wantsPage(request) && !response.isCommitted()) {
            request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, unreadable);
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        } else {
            problems.answer(unreadable, request, response);
        }
    }

    /** Checks all parameters at the first access, which is when a form body is read. */
    private static final class CheckedParameters extends HttpServletRequestWrapper {

        private boolean checked;

        CheckedParameters(HttpServletRequest request) {
            super(request);
        }

        private void check() {
            if (checked) {
                return;
            }
            for (Map.Entry<String, String[]> parameter : super.getParameterMap().entrySet()) {
                StorableText.require("The name of a parameter", parameter.getKey());
                for (String value : parameter.getValue()) {
                    StorableText.require("The parameter \"" + parameter.getKey() + "\"", value);
                }
            }
            checked = true;
        }

        @Override
        public @Nullable String getParameter(String name) {
            check();
            return super.getParameter(name);
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            check();
            return super.getParameterValues(name);
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            check();
            return super.getParameterMap();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            check();
            return super.getParameterNames();
        }
    }
}
