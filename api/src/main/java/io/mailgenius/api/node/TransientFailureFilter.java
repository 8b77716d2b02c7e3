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
 * While a server is away every library that talks to it logs a stack trace for every try. An
 * operator needs one line that says what is wrong: each logger says it once a minute, and the
 * traces, which say the same at greater length, are left out. So it is with a job that another node
 * has gone on with.
 */
public final class TransientFailureFilter extends TurboFilter {

    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What Spring Batch says of a divided step. Each part that failed has said why. */
    private static final String OF_ITS_PARTS = "Partition handler returned an unsuccessful step";

    private final Map<String, Long> said = new ConcurrentHashMap<>();

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
        Throwable told = thrown == null ? last(params) : thrown;
        if (told != null && OF_ITS_PARTS.equals(told.getMessage())) {
            return FilterReply.DENY;
        }
        Optional<String> trouble = TransientFailure.passing(told).or(() -> Handover.told(told));
        if (trouble.isEmpty()) {
            return FilterReply.NEUTRAL;
        }
        if (due(logger.getName() + trouble.get())) {
            logger.warn("{} (said once a minute while it lasts)", trouble.get());
        }
        return FilterReply.DENY;
    }

    /** Where SLF4J's callers put the exception of a message with parameters. */
    private static @Nullable Throwable last(Object @Nullable [] params) {
        return params != null
                        && params.length > 0
                        && params[params.length - 1] instanceof Throwable thrown
                ? thrown
                : null;
    }

    private boolean due(String what) {
        long now = System.nanoTime();
        Long before = said.get(what);
        if (before != null && now - before < PAUSE_NANOS) {
            return false;
        }
        said.put(what, now);
        return true;
    }
}
