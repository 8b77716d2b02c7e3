package io.mailgenius.api.node;

import io.mailgenius.engine.cluster.NodeId;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Exports traces, if there is somebody to export them to. Not by Spring Boot's starter for
 * OpenTelemetry, which would observe every request, query and scheduled task as well, and export
 * metrics that Prometheus already scrapes.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("mailgenius.otlp-endpoint")
class TracingConfiguration {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Spans are dropped, and never waited for, while the collector is away. */
    @Bean(destroyMethod = "close")
    OpenTelemetrySdk telemetry(NodeSettings settings, NodeId node) {
        WatchSettings watching = settings.watching();
        OtlpHttpSpanExporterBuilder exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(watching.otlpEndpoint() + "/v1/traces")
                        .setTimeout(TIMEOUT);
        watching.otlpHeaders().forEach(exporter::addHeader);
        return OpenTelemetrySdk.builder()
                .setTracerProvider(
                        SdkTracerProvider.builder()
                                .setResource(
                                        Resource.getDefault()
                                                .merge(
                                                        Resource.create(
                                                                Attributes.of(
                                                                        AttributeKey.stringKey(
                                                                                "service.name"),
                                                                        "mailgenius",
                                                                        AttributeKey.stringKey(
                                                                                "service.instance.id"),
                                                                        node.value()))))
                                .setSampler(
                                        Sampler.parentBased(
                                                Sampler.traceIdRatioBased(
                                                        watching.tracePercent() / 100.0)))
                                .addSpanProcessor(
                                        BatchSpanProcessor.builder(exporter.build())
                                                .setScheduleDelay(PAUSE)
                                                .build())
                                .build())
                .build();
    }
}
