package io.mailgenius.api.access;

import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.observation.Traces;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * While traces are exported: a span for each change that a program asks for, below that of the
 * program if it names one, so that a job belongs to the trace of whoever launched it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("mailgenius.otlp-endpoint")
class RequestTraces {

    private static final int STEPS = 4;
    private static final int FAILURE = 500;

    @Bean
    FilterRegistrationBean<HttpFilter> requestSpans(Traces traces) {
        FilterRegistrationBean<HttpFilter> filter =
                new FilterRegistrationBean<>(new RequestSpans(traces));
        filter.addUrlPatterns("/api/*");
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return filter;
    }

    private static final class RequestSpans extends HttpFilter {

        private final transient Traces traces;

        RequestSpans(Traces traces) {
            this.traces = traces;
        }

        @Override
        protected void doFilter(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
                chain.doFilter(request, response);
                return;
            }
            // Ids and words of callers stay out of the name.
            String[] steps = request.getServletPath().split("/", STEPS + 1);
            String name =
                    request.getMethod() + " /api/v1/" + (steps.length >= STEPS ? steps[3] : "");
            try (Traces.Traced span =
                    traces.resume(name, request.getHeader(JobObservation.TRACE_PARENT), Map.of())) {
                chain.doFilter(request, response);
                span.attribute("http.response.status_code", Integer.toString(response.getStatus()));
                if (response.getStatus() >= FAILURE) {
                    span.failed("status " + response.getStatus());
                }
            }
        }
    }
}
