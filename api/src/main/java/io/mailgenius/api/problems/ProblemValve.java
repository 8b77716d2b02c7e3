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
 * For requests that Tomcat turns away before any filter of ours sees them, such as {@code /%2f}.
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
            // CONNECT, which Tomcat takes for its own: a method like others that no path has.
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            response.setHeader(HttpHeaders.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.getOutputStream()
                    .write(json.writeValueAsBytes(Translation.ofStatus(response.getStatus())));
            response.finishResponse();
        } catch (IOException | IllegalStateException callerIsGone) {
            // Nobody is left to tell.
        }
    }

    /** After Boot's own, whose valve then finds that everything was said. */
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
