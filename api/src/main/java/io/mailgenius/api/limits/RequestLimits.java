package io.mailgenius.api.limits;

import io.github.bucket4j.ConsumptionProbe;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Limits the requests of each caller (a key or a person) and of each workspace to the API. Every
 * answer carries the limit that is nearer to its end.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit
 *     header fields for HTTP</a>
 */
final class RequestLimits implements HandlerInterceptor, AutoCloseable {

    static final String POLICY = "RateLimit-Policy";
    static final String STATE = "RateLimit";

    private final @Nullable Limit caller;
    private final @Nullable Limit workspace;
    private final @Nullable PlanLimits plan;

    /**
     * @param caller requests of one key or person; null for no limit
     * @param workspace requests of all keys and people of a workspace; null for no limit
     * @param plan the same by the plan of each workspace; null for no limit
     */
    RequestLimits(@Nullable Limit caller, @Nullable Limit workspace, @Nullable PlanLimits plan) {
        this.plan = plan;
        this.caller = caller;
        this.workspace = workspace;
    }

    /**
     * @param perMinute the quota, which is also what may come at once
     */
    record Limit(String name, int perMinute, SharedBuckets buckets) {

        State take(String client) {
            return new State(this, buckets.take(client));
        }

        String policy() {
            return "\"%s\";q=%d;w=60".formatted(name, perMinute);
        }
    }

    record State(Limit limit, ConsumptionProbe probe) {

        double share() {
            return (double) probe.getRemainingTokens() / limit.perMinute();
        }

        /** Seconds until the quota is whole again. */
        long seconds() {
            return Math.ceilDiv(probe.getNanosToWaitForReset(), Duration.ofSeconds(1).toNanos());
        }

        String header() {
            return "\"%s\";r=%d;t=%d"
                    .formatted(limit.name(), probe.getRemainingTokens(), seconds());
        }
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || !authentication.isAuthenticated()) {
            return true;
        }
        long workspaceId = WorkspaceScope.required();
        State nearest = null;
        if (caller != null) {
            nearest = require(caller.take(workspaceId + ":" + authentication.getName()), response);
        }
        if (workspace != null) {
            State ofAll = require(workspace.take(Long.toString(workspaceId)), response);
            nearest = nearest == null || ofAll.share() < nearest.share() ? ofAll : nearest;
        }
        State ofPlan = plan == null ? null : plan.take(workspaceId);
        if (ofPlan != null) {
            require(ofPlan, response);
            nearest = nearest == null || ofPlan.share() < nearest.share() ? ofPlan : nearest;
        }
        if (nearest != null) {
            write(nearest, response);
        }
        return true;
    }

    private static State require(State state, HttpServletResponse response) {
        if (!state.probe().isConsumed()) {
            write(state, response);
            throw new ProblemFound(
                    429,
                    "rate-limit-exceeded",
                    "Too many requests",
                    "This %s may make %,d requests a minute. Send the next one after the seconds in Retry-After."
                            .formatted(state.limit().name(), state.limit().perMinute()),
                    Duration.ofNanos(state.probe().getNanosToWaitForRefill()));
        }
        return state;
    }

    @Override
    public void close() {
        if (caller != null) {
            caller.buckets().close();
        }
        if (workspace != null) {
            workspace.buckets().close();
        }
        if (plan != null) {
            plan.close();
        }
    }

    private static void write(State state, HttpServletResponse response) {
        response.setHeader(POLICY, state.limit().policy());
        response.setHeader(STATE, state.header());
    }
}
