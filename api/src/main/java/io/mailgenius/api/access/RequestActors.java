package io.mailgenius.api.access;

import io.mailgenius.engine.observation.LogContext;
import io.mailgenius.jobs.audit.AuditTrail;
import io.mailgenius.schema.ActorScope.Actor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Who makes a request, for the audit trail, and under which id. */
final class RequestActors {

    static final String REQUEST_ID = "X-Request-Id";

    private static final Logger LOG = LoggerFactory.getLogger(RequestActors.class);
    private static final Pattern GIVEN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private RequestActors() {}

    /** The answer carries the id of the request: the caller's own, if it is a plain one. */
    static Actor of(Caller caller, HttpServletRequest request, HttpServletResponse response) {
        String given = request.getHeader(REQUEST_ID);
        String id =
                given != null && GIVEN.matcher(given).matches()
                        ? given
                        : UUID.randomUUID().toString();
        response.setHeader(REQUEST_ID, id);
        return new Actor(caller.kind(), caller.id(), caller.name(), request.getRemoteAddr(), id);
    }

    /** What the log lines of a request carry. */
    static LogContext.Scope logged(Caller caller, Actor actor) {
        return LogContext.open(
                Map.of(
                        LogContext.REQUEST,
                        String.valueOf(actor.requestId()),
                        LogContext.WORKSPACE,
                        Long.toString(caller.workspaceId())));
    }

    /** Of changes that the caller may not make, or that conflict with the state of things. */
    static void recordRefusal(
            AuditTrail trail,
            Actor actor,
            HttpServletRequest request,
            HttpServletResponse response) {
        int status = response.getStatus();
        if ((status != HttpServletResponse.SC_FORBIDDEN
                        && status != HttpServletResponse.SC_CONFLICT)
                || READS.contains(request.getMethod())
                        && status != HttpServletResponse.SC_FORBIDDEN) {
            return;
        }
        String path = request.getRequestURI();
        String[] steps = (path.startsWith("/api/") ? path : "/api/v1" + path).split("/", 6);
        try {
            trail.refused(
                    actor,
                    steps.length > 3 ? steps[3] : path,
                    steps.length > 4 ? steps[4] : null,
                    Map.of("method", request.getMethod(), "path", path, "status", status));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A refused attempt could not be recorded: {}", e.getMessage());
        }
    }
}
