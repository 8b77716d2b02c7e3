package io.mailgenius.api.access;

import io.mailgenius.api.problems.Problems;
import io.mailgenius.engine.observation.LogContext;
import io.mailgenius.jobs.audit.AuditTrail;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Looks the caller up anew for every request, so that a key or client that is revoked stops working
 * at once, in a session too; and binds the caller's workspace around all that follows.
 */
final class CallerFilter extends OncePerRequestFilter {

    private final Problems problems;
    private final AuditTrail trail;
    private final Function<HttpServletRequest, Optional<Caller>> caller;
    private final AuthenticationEntryPoint entryPoint;

    /**
     * @param caller who makes a request, if anybody is known to
     * @param entryPoint answers whoever sends a file without being known
     */
    CallerFilter(
            Problems problems,
            AuditTrail trail,
            Function<HttpServletRequest, Optional<Caller>> caller,
            AuthenticationEntryPoint entryPoint) {
        this.problems = problems;
        this.trail = trail;
        this.caller = caller;
        this.entryPoint = entryPoint;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Caller> known;
        try {
            known = caller.apply(request);
        } catch (RuntimeException noAnswer) {
            // The database is away: before Spring MVC nobody else turns this into a problem.
            problems.answer(noAnswer, request, response);
            return;
        }
        if (known.isEmpty()) {
            // A token may be signed well and belong to a client that was revoked.
            SecurityContextHolder.clearContext();
            if (isMultipart(request)) {
                // Whatever asks for a parameter next would have it written to disk.
                entryPoint.commence(
                        request,
                        response,
                        new InsufficientAuthenticationException("A file needs a key"));
            } else {
                chain.doFilter(request, response);
            }
            return;
        }
        SecurityContextHolder.setContext(
                new SecurityContextImpl(new CallerAuthentication(known.get())));
        inWorkspace(known.get(), request, response, chain);
    }

    private static boolean isMultipart(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.strip().regionMatches(true, 0, "multipart/", 0, 10);
    }

    /** Binds workspace and actor around all that follows, and records what is refused. */
    private void inWorkspace(
            Caller known,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        Actor actor = RequestActors.of(known, request, response);
        try (LogContext.Scope _ = RequestActors.logged(known, actor)) {
            WorkspaceScope.<Void, Exception>call(
                    known.workspaceId(),
                    () ->
                            ActorScope.<Void, Exception>call(
                                    actor,
                                    () -> {
                                        chain.doFilter(request, response);
                                        RequestActors.recordRefusal(
                                                trail, actor, request, response);
                                        return null;
                                    }));
        } catch (ServletException | IOException | RuntimeException asItWas) {
            throw asItWas;
        } catch (Exception other) {
            throw new ServletException(other);
        }
    }
}
