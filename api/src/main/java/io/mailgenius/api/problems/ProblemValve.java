package io.mailgenius.api.problems;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes problem responses for requests that Tomcat rejects before any filter runs, such as {@code
 * /%2f}.
 */
final class ProblemValve extends ErrorReportValve {

    private final JsonMapper json;

    private ProblemValve(JsonMapper json) {
        this.json = json;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        if (response.getStatus() < 400
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        if (response.getStatus() == HttpServletResponse.SC_NOT_IMPLEMENTED) {
            // Tomcat handles CONNECT itself; it is answered like any other method that no path
            // supports.
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            response.setHeader(HttpHeaders.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.getOutputStream()
                    .write(json.writeValueAsBytes(Translation.ofStatus(response.getStatus())));
            response.finishResponse();
        } catch (IOException | IllegalStateException callerIsGone) {
            // The client is gone, so there is nothing to report to.
        }
    }

    /**
     * Installed after Spring Boot's valve, which does nothing if the response is already written.
     */
    @Component
    @Order(Ordered.LOWEST_PRECEDENCE)
    static final class Installed
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

        private final JsonMapper json;

        Installed(JsonMapper json) {
            this.json = json;
        }

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addContextCustomizers(
                    context -> context.getParent().getPipeline().addValve(new ProblemValve(json)));
        }
    }
}
