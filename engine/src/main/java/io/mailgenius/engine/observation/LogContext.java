package io.mailgenius.engine.observation;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The ids that every log line of a request, a job or a chunk carries, in the MDC of its thread.
 * Each scope restores what was there before, since threads of pools are used again.
 */
public final class LogContext {

    public static final String REQUEST = "request";
    public static final String WORKSPACE = "workspace";
    public static final String NODE = "node";
    public static final String JOB = "job";
    public static final String EXECUTION = "execution";
    public static final String CHUNK = "chunk";

    /** By which {@link JobLog} keeps the lines of a job; restarts of it have the same. */
    static final String LAUNCH = "launch";

    private LogContext() {}

    /** Ends a scope; throws nothing. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Adds the ids until the scope is closed by the same thread. */
    public static Scope open(Map<String, String> ids) {
        @Nullable Map<String, String> before = MDC.getCopyOfContextMap();
        ids.forEach(MDC::put);
        return () -> restore(before);
    }

    /** Adds the id of the execution, once it has one, to the scope of its job. */
    public static void execution(long id) {
        MDC.put(EXECUTION, Long.toString(id));
    }

    private static void restore(@Nullable Map<String, String> before) {
        if (before == null || before.isEmpty()) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }

    /** Wraps a task so that its lines carry the ids of the thread that submits it. */
    public static Runnable carried(Runnable work) {
        @Nullable Map<String, String> ids = MDC.getCopyOfContextMap();
        return ids == null || ids.isEmpty()
                ? work
                : () -> {
                    try (Scope scope = open(new HashMap<>(ids))) {
                        work.run();
                    }
                };
    }
}
