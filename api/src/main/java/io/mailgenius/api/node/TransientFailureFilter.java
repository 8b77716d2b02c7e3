package io.mailgenius.api.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.mailgenius.engine.failures.TransientFailure;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Shortens the log during outages. While a server is unavailable each library that uses it logs a
 * stack trace per attempt; this filter replaces them by one line per logger and minute that names
 * the cause. The same applies to a job that another node has taken over.
 */
public final class TransientFailureFilter extends TurboFilter {

    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * Spring Batch logs this for a partitioned step; the failure of each partition has been logged
     * before.
     */
    private static final String PARTITIONED_STEP_FAILED =
            "Partition handler returned an unsuccessful step";

    private final Map<String, Long> loggedAt = new ConcurrentHashMap<>();

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        if (level.toInt() < Level.WARN_INT) {
            return FilterReply.NEUTRAL;
        }
        Throwable exception = thrown == null ? last(params) : thrown;
        if (exception != null && PARTITIONED_STEP_FAILED.equals(exception.getMessage())) {
            return FilterReply.DENY;
        }
        Optional<String> message =
                TransientFailure.passing(exception).or(() -> Handover.message(exception));
        if (message.isEmpty()) {
            return FilterReply.NEUTRAL;
        }
        if (due(logger.getName() + message.get())) {
            logger.warn("{} (logged once a minute while it lasts)", message.get());
        }
        return FilterReply.DENY;
    }

    /** Returns the last argument if it is an exception, which is where SLF4J expects it. */
    private static @Nullable Throwable last(Object @Nullable [] params) {
        return params != null
                        && params.length > 0
                        && params[params.length - 1] instanceof Throwable thrown
                ? thrown
                : null;
    }

    private boolean due(String what) {
        long now = System.nanoTime();
        Long before = loggedAt.get(what);
        if (before != null && now - before < PAUSE_NANOS) {
            return false;
        }
        loggedAt.put(what, now);
        return true;
    }
}
