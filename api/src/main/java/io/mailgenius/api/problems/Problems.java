package io.mailgenius.api.problems;

import io.mailgenius.engine.failures.TransientFailure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem responses. */
@Component
public class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private static final HttpHeaders CHALLENGE = new HttpHeaders();

    /** Retry-After for a store that is unavailable or has no free connection. */
    private static final HttpHeaders LATER = new HttpHeaders();

    static {
        LATER.set(HttpHeaders.RETRY_AFTER, "5");
        CHALLENGE.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    /**
     * The problem for an exception. Server errors are logged, and the problem has the id of the log
     * entry.
     */
    Problem of(Throwable thrown, HttpServletRequest request) {
        Problem problem = Translation.of(thrown).at(request.getRequestURI());
        if (problem.status() < 500 || thrown instanceof ProblemFound) {
            return problem;
        }
        String id = UUID.randomUUID().toString();
        LOG.error("Problem {}: {} {}", id, request.getMethod(), request.getRequestURI(), thrown);
        return problem.with(id);
    }

    /**
     * Writes without message converters, so that a caller that accepts only text/csv receives JSON
     * too.
     */
    public void answer(Throwable thrown, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        setHeaders(thrown, response);
        answer(of(thrown, request), response);
    }

    static void setHeaders(Throwable thrown, HttpServletResponse response) {
        headers(thrown).forEach((name, values) -> values.forEach(v -> response.setHeader(name, v)));
    }

    private static HttpHeaders headers(Throwable thrown) {
        return switch (thrown) {
            case Unmapped unmapped -> headers(unmapped.reason());
            case ErrorResponse known -> known.getHeaders();
            case ProblemFound found -> found.headers();
            case AuthenticationException _ -> CHALLENGE;
            case Throwable store when TransientFailure.passing(store).isPresent() -> LATER;
            case Throwable _ -> HttpHeaders.EMPTY;
        };
    }

    /**
     * Ends a request whose answer has begun, for instance a file: by an exception, for which the
     * web server closes the connection, so that nobody takes the file for complete.
     *
     * @throws IOException unless the client itself has closed the connection
     */
    void breakOff(Throwable thrown, HttpServletRequest request) throws IOException {
        if (!DisconnectedClientHelper.isClientDisconnectedException(thrown)) {
            of(thrown, request);
            throw new IOException("The answer had begun", thrown);
        }
    }

    void answer(Problem problem, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        json.writeValue(response.getOutputStream(), problem);
    }

    /** Whether the caller is a browser, which receives an HTML page instead of JSON. */
    public static boolean wantsPage(HttpServletRequest request) {
        String path = path(request);
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null
                && accept.contains(MediaType.TEXT_HTML_VALUE)
                && !path.startsWith("/api/")
                && !path.startsWith("/webhooks/");
    }

    private static String path(HttpServletRequest request) {
        return request.getAttribute("jakarta.servlet.error.request_uri") instanceof String original
                ? original
                : request.getRequestURI();
    }
}
