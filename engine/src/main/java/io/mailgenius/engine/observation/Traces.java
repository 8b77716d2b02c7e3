package io.mailgenius.engine.observation;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Spans of jobs, chunks and calls to other systems. Without an exporter nothing is recorded, and no
 * context is written or read.
 */
public final class Traces {

    private static final Pattern TRACE_PARENT =
            Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private static final Traced NOTHING = new Traced(null, null);

    private final @Nullable Tracer tracer;

    private Traces(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** Records nothing. */
    public static Traces none() {
        return new Traces(null);
    }

    public static Traces of(OpenTelemetry telemetry) {
        return new Traces(telemetry.getTracer("io.mailgenius"));
    }

    public boolean enabled() {
        return tracer != null;
    }

    /** A span of this node, below the one that the current thread is in. */
    public Traced begin(String name, Map<String, String> attributes) {
        return begin(name, SpanKind.CLIENT, null, attributes);
    }

    /**
     * A span that was caused by another node or an earlier run.
     *
     * @param traceParent in the format of the W3C header; null or invalid for the span that the
     *     current thread is in, if any
     */
    public Traced resume(
            String name, @Nullable String traceParent, Map<String, String> attributes) {
        return begin(name, SpanKind.CONSUMER, traceParent, attributes);
    }

    /** {@link Traced#close} closes the scope. */
    @SuppressWarnings("MustBeClosedChecker")
    private Traced begin(
            String name,
            SpanKind kind,
            @Nullable String traceParent,
            Map<String, String> attributes) {
        if (tracer == null) {
            return NOTHING;
        }
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind);
        remote(traceParent)
                .ifPresent(parent -> builder.setParent(Context.root().with(Span.wrap(parent))));
        attributes.forEach(builder::setAttribute);
        Span span = builder.startSpan();
        return new Traced(span, span.makeCurrent());
    }

    private static Optional<SpanContext> remote(@Nullable String traceParent) {
        if (traceParent == null) {
            return Optional.empty();
        }
        Matcher parts = TRACE_PARENT.matcher(traceParent);
        return parts.matches()
                ? Optional.of(
                                SpanContext.createFromRemoteParent(
                                        parts.group(1),
                                        parts.group(2),
                                        TraceFlags.fromHex(parts.group(3), 0),
                                        TraceState.getDefault()))
                        .filter(SpanContext::isValid)
                : Optional.empty();
    }

    /** The span that the current thread is in, for another node to continue; null if none. */
    public @Nullable String current() {
        if (tracer == null) {
            return null;
        }
        SpanContext context = Span.current().getSpanContext();
        return context.isValid()
                ? "00-%s-%s-%s"
                        .formatted(
                                context.getTraceId(),
                                context.getSpanId(),
                                context.getTraceFlags().asHex())
                : null;
    }

    /** A span that ends when it is closed, by the thread that began it. */
    public static final class Traced implements AutoCloseable {

        private final @Nullable Span span;
        private final @Nullable Scope scope;

        private Traced(@Nullable Span span, @Nullable Scope scope) {
            this.span = span;
            this.scope = scope;
        }

        public void attribute(String name, String value) {
            if (span != null) {
                span.setAttribute(name, value);
            }
        }

        public void failed(String reason) {
            if (span != null) {
                span.setStatus(StatusCode.ERROR, reason);
            }
        }

        @Override
        public void close() {
            if (scope != null && span != null) {
                scope.close();
                span.end();
            }
        }
    }
}
