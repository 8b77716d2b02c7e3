package io.mailgenius.engine.observation;

import io.lettuce.core.RedisClient;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.settings.EngineSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
class ObservationConfiguration {

    /** Without a bean of OpenTelemetry nothing is traced. */
    @Bean
    Traces traces(ObjectProvider<OpenTelemetry> telemetry) {
        OpenTelemetry exporting = telemetry.getIfAvailable();
        return exporting == null ? Traces.none() : Traces.of(exporting);
    }

    @Bean
    JobLog jobLog(
            LettuceConnectionFactory redis,
            EngineSettings settings,
            NodeId node,
            ObjectProvider<MeterRegistry> meters) {
        return new JobLog(
                (RedisClient) Objects.requireNonNull(redis.getNativeClient()),
                settings.namespace(),
                node.value(),
                meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    JobObservation jobObservation(
            NodeId node,
            ObjectProvider<MeterRegistry> meters,
            Traces traces,
            JobLog log,
            ControlDatabase control,
            Clock clock) {
        return new JobObservation(
                node.value(),
                meters.getIfAvailable(SimpleMeterRegistry::new),
                traces,
                log,
                control.jdbc(),
                clock);
    }
}
