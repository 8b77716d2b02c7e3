package io.mailgenius.engine.observation;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.observation.JobLog.Line;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Observes the runs of jobs and the attempts of chunks on this node: their log lines carry their
 * ids, their times are metrics, and their spans belong to one trace on whichever nodes they are.
 */
public final class JobObservation {

    /** The header of a chunk's message. */
    public static final String TRACE_PARENT = "traceparent";

    private final String node;
    private final MeterRegistry meters;
    private final Traces traces;
    private final JobLog log;
    private final JdbcClient jdbc;
    private final Clock clock;

    /**
     * @param node the id of this node
     * @param jdbc over the connections of the control plane
     */
    public JobObservation(
            String node,
            MeterRegistry meters,
            Traces traces,
            JobLog log,
            JdbcClient jdbc,
            Clock clock) {
        this.node = node;
        this.meters = meters;
        this.traces = traces;
        this.log = log;
        this.jdbc = jdbc;
        this.clock = clock;
        // A counter that appears with its first event has no increase that a rule could see.
        recovered(0, 0);
    }

    public Traces traces() {
        return traces;
    }

    /** How an attempt of a chunk ended. */
    public enum ChunkOutcome {
        DONE,
        /** It failed and is tried again after a pause. */
        RETRIED,
        /** It failed too often and is set aside. */
        FAILED,
        /** It asked to be tried later. */
        DEFERRED,
        /** It was handed back because the node shuts down or a server is away. */
        RETURNED,
        /** Its lease had been lost. */
        LOST;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Begins an attempt of a chunk on the current thread.
     *
     * @param traceParent from the header of the chunk's message
     */
    public ObservedAttempt begin(Claim claim, @Nullable String traceParent) {
        Map<String, String> ids =
                ids(claim.job().launchId(), claim.workspaceId(), claim.job().jobName());
        ids.put(LogContext.EXECUTION, Long.toString(claim.job().executionId()));
        ids.put(LogContext.CHUNK, Long.toString(claim.id()));
        return new ObservedAttempt(
                claim.key().step(),
                LogContext.open(ids),
                traces.enabled()
                        ? traces.resume(
                                "chunk " + claim.key().step(),
                                traceParent,
                                attributes(ids, Map.of("attempt", claim.attempt() + "")))
                        : traces.resume("", null, Map.of()));
    }

    private Map<String, String> ids(long launchId, long workspaceId, String jobName) {
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put(LogContext.NODE, node);
        ids.put(LogContext.WORKSPACE, Long.toString(workspaceId));
        ids.put(LogContext.JOB, jobName);
        ids.put(LogContext.LAUNCH, Long.toString(launchId));
        return ids;
    }

    private static Map<String, String> attributes(
            Map<String, String> ids, Map<String, String> more) {
        Map<String, String> attributes = new LinkedHashMap<>();
        ids.forEach((name, id) -> attributes.put("mailgenius." + name, id));
        more.forEach((name, value) -> attributes.put("mailgenius." + name, value));
        return attributes;
    }

    /** An attempt of a chunk; closed by the thread that began it. */
    public final class ObservedAttempt implements AutoCloseable {

        private final String step;
        private final LogContext.Scope scope;
        private final Traces.Traced span;
        private final long begun = System.nanoTime();
        private ChunkOutcome outcome = ChunkOutcome.DONE;

        private ObservedAttempt(String step, LogContext.Scope scope, Traces.Traced span) {
            this.step = step;
            this.scope = scope;
            this.span = span;
        }

        /** Counts what the chunk was about, such as the mails of each outcome. */
        public void done(ChunkCounts counts) {
            counts.values()
                    .forEach(
                            (name, count) ->
                                    meters.counter(
                                                    "mailgenius.chunk.items",
                                                    "step",
                                                    step,
                                                    "outcome",
                                                    name)
                                            .increment(count));
        }

        public void ended(ChunkOutcome how, String reason) {
            outcome = how;
            span.failed(reason);
        }

        @Override
        public void close() {
            span.attribute("mailgenius.outcome", outcome.word());
            span.close();
            scope.close();
            Timer.builder("mailgenius.chunk.work")
                    .description("Attempts of chunks on this node, from slot to result")
                    .tag("step", step)
                    .tag("outcome", outcome.word())
                    .register(meters)
                    .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Begins an execution of a job on the current thread.
     *
     * @param resumed whether the launch was parked and continues
     */
    public JobExecuted begin(long launchId, long workspaceId, String jobName, boolean resumed) {
        Map<String, String> ids = ids(launchId, workspaceId, jobName);
        LogContext.Scope scope = LogContext.open(ids);
        if (!traces.enabled()) {
            return new JobExecuted(ids, scope, traces.resume("", null, Map.of()));
        }
        Traces.Traced span =
                traces.resume("job " + jobName, traceParent(launchId), attributes(ids, Map.of()));
        if (!resumed) {
            storeTraceParent(launchId, traces.current());
        }
        return new JobExecuted(ids, scope, span);
    }

    private @Nullable String traceParent(long launchId) {
        return jdbc.sql("SELECT trace_parent FROM launch WHERE id = :id")
                .param("id", launchId)
                .query((row, n) -> new Stored(row.getString(1)))
                .optional()
                .map(Stored::traceParent)
                .orElse(null);
    }

    private record Stored(@Nullable String traceParent) {}

    /** From here on the chunks of the job, and its later runs, are below this span. */
    private void storeTraceParent(long launchId, @Nullable String traceParent) {
        jdbc.sql("UPDATE launch SET trace_parent = :parent WHERE id = :id")
                .param("parent", traceParent)
                .param("id", launchId)
                .update();
    }

    /** An execution of a job; closed by the thread that began it. */
    public final class JobExecuted implements AutoCloseable {

        private final Map<String, String> ids;
        private final LogContext.Scope scope;
        private final Traces.Traced span;
        private final long begun = System.nanoTime();

        private JobExecuted(Map<String, String> ids, LogContext.Scope scope, Traces.Traced span) {
            this.ids = ids;
            this.scope = scope;
            this.span = span;
        }

        /**
         * @param status the status of Spring Batch
         */
        public void ended(long executionId, String status) {
            span.attribute("mailgenius.execution", Long.toString(executionId));
            span.attribute("mailgenius.status", status);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            log.add(
                    Long.parseLong(ids.getOrDefault(LogContext.LAUNCH, "0")),
                    new Line(
                            clock.instant(),
                            "INFO",
                            node,
                            "Job",
                            String.format(
                                    Locale.ROOT,
                                    "Execution %d of %s ended %s after %d ms",
                                    executionId,
                                    ids.get(LogContext.JOB),
                                    status,
                                    took.toMillis()),
                            executionId,
                            null,
                            null));
        }

        @Override
        public void close() {
            span.close();
            scope.close();
        }
    }

    /** Counts the end of a launch on the node that ended it. */
    public void launchEnded(String jobName, String state) {
        meters.counter("mailgenius.jobs.ended", "job", jobName, "state", state).increment();
    }

    /** Counts what the sweeper of this node recovered. */
    public void recovered(int expiredLeases, int deadNodes) {
        meters.counter("mailgenius.leases.expired").increment(expiredLeases);
        meters.counter("mailgenius.nodes.died").increment(deadNodes);
    }
}
