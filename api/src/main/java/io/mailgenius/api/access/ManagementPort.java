package io.mailgenius.api.access;

import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.api.problems.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * A second port for the operators of an installation: metrics, nodes and the description of the
 * API, without a key. The public port has of these only whether the node is alive and ready.
 */
@Configuration(proxyBeanMethods = false)
public class ManagementPort {

    private static final List<String> OF_OPERATORS =
            List.of("/actuator", "/v3/api-docs", "/swagger-ui");
    private static final String THREADS = "8";
    private static final String HEALTH = "/actuator/health";

    /** 0 if there is none. */
    private final int port;

    private final String address;

    ManagementPort(
            @Value("${mailgenius.management-port:0}") int port,
            @Value("${mailgenius.management-address:127.0.0.1}") String address) {
        this.port = port;
        this.address = address;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementConnector() {
        return factory -> {
            if (port != 0) {
                Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
                connector.setPort(port);
                connector.setProperty("address", address);
                connector.setProperty("minSpareThreads", "1");
                connector.setProperty("maxThreads", THREADS);
                factory.addAdditionalConnectors(connector);
            }
        };
    }

    /** Before all other filters, because some of these answer by themselves. */
    @Bean
    FilterRegistrationBean<HttpFilter> whichPort(Problems problems) {
        FilterRegistrationBean<HttpFilter> filter =
                new FilterRegistrationBean<>(new WhichPort(this, problems));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    /** Whether the request came in at the port of the operators. */
    boolean received(HttpServletRequest request) {
        return port != 0 && request.getLocalPort() == port;
    }

    private boolean admits(HttpServletRequest request) {
        String path = request.getServletPath();
        if (received(request)) {
            return OF_OPERATORS.stream().anyMatch(path::startsWith);
        }
        return !isAt(path, "/actuator") || isAt(path, HEALTH);
    }

    private static boolean isAt(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }

    private static final class WhichPort extends HttpFilter {

        private final transient ManagementPort ports;
        private final transient Problems problems;

        WhichPort(ManagementPort ports, Problems problems) {
            this.ports = ports;
            this.problems = problems;
        }

        @Override
        protected void doFilter(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (ports.admits(request)) {
                chain.doFilter(request, response);
            } else {
                problems.answer(
                        new ProblemFound(
                                404,
                                "no-such-path",
                                "Nothing is here",
                                "Metrics, nodes and the description of the API are at"
                                        + " MAILGENIUS_MANAGEMENT_PORT, everything else at the"
                                        + " port of the API.",
                                null),
                        request,
                        response);
            }
        }
    }
}
