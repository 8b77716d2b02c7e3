package io.mailgenius.api.limits;

import io.mailgenius.jobs.workspaces.Usage;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Counts the requests of each workspace to the API, in memory, and writes them down in a row a
 * minute. A node that is killed loses the counts of its last minute.
 */
@Component
public class RequestMeter implements HandlerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(RequestMeter.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Usage usage;
    private final Map<Long, LongAdder> counts = new ConcurrentHashMap<>();
    private final ScheduledExecutorService writing =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("request-meter").factory());

    RequestMeter(Usage usage) {
        this.usage = usage;
        writing.scheduleWithFixedDelay(
                this::write, PAUSE.toSeconds(), PAUSE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.isAuthenticated()) {
            WorkspaceScope.current()
                    .ifPresent(id -> counts.computeIfAbsent(id, _ -> new LongAdder()).increment());
        }
        return true;
    }

    private void write() {
        counts.keySet().forEach(this::write);
    }

    /** Writes down what was counted of a workspace on this node until now. */
    public void write(long workspaceId) {
        LongAdder counted = counts.get(workspaceId);
        if (counted == null) {
            return;
        }
        long more = counted.sumThenReset();
        if (more == 0) {
            return;
        }
        try {
            WorkspaceScope.run(workspaceId, () -> usage.requests(more));
        } catch (DataAccessException | TransactionException e) {
            counted.add(more);
            LOG.warn("Requests could not be counted yet: {}", e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        writing.shutdownNow();
        write();
    }
}
