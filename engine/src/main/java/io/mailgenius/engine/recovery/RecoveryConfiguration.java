package io.mailgenius.engine.recovery;

import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.ParkedLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.transport.JobQueues;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class RecoveryConfiguration {

    @Bean
    SilentNodes silentNodes(
            EngineSettings settings,
            Nodes nodes,
            ControlDatabase control,
            JobObservation observation,
            JsonMapper json) {
        return new SilentNodes(settings, nodes, new Ledger(control.jdbc(), json), observation);
    }

    @Bean
    Sweeper sweeper(
            SilentNodes silentNodes,
            ControlDatabase control,
            LiveLaunches launches,
            ParkedLaunches parked,
            JobQueues queues,
            RoundMonitor monitor,
            Clock clock) {
        return new Sweeper(
                silentNodes,
                new ReadyChunks(control.jdbc()),
                launches,
                parked,
                queues,
                monitor,
                clock);
    }

    /** Registers metrics for the queue depth and the age of the oldest READY chunk. */
    @Bean
    MeterBinder backlogMeters(Sweeper sweeper, Clock clock) {
        return meters -> {
            Gauge.builder("mailgenius.chunks.ready", () -> sweeper.backlog().ready())
                    .description("READY chunks of running jobs")
                    .register(meters);
            Gauge.builder(
                            "mailgenius.chunks.oldest.ready.seconds",
                            () -> {
                                Instant oldest = sweeper.backlog().oldest();
                                return oldest == null
                                        ? 0
                                        : Math.max(
                                                0,
                                                Duration.between(oldest, clock.instant())
                                                        .toSeconds());
                            })
                    .description("Age of the oldest READY chunk of a running job")
                    .register(meters);
        };
    }
}
