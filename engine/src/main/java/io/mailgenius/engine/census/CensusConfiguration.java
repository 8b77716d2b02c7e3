package io.mailgenius.engine.census;

import io.mailgenius.engine.census.Census.Count;
import io.mailgenius.engine.cluster.ChunksInHand;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.NodeState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CensusConfiguration {

    @Bean
    Census census(
            NodeId node,
            DataSource main,
            ObjectProvider<WatchedFolders> folders,
            ControlDatabase control,
            Clock clock) {
        return new Census(
                node,
                main,
                folders.getIfAvailable(() -> new WatchedFolders(List.of())),
                control.jdbc(),
                clock);
    }

    /** Registers gauges of the last count; a scrape asks the database nothing. */
    @Bean
    MeterBinder censusMeters(
            Census census,
            EngineSettings settings,
            ObjectProvider<ChunksInHand> chunks,
            Clock clock) {
        return meters -> {
            for (LaunchState state :
                    new LaunchState[] {
                        LaunchState.QUEUED, LaunchState.RUNNING, LaunchState.STOPPING
                    }) {
                Gauge.builder("mailgenius.jobs", () -> census.last().jobs().getOrDefault(state, 0L))
                        .description("Jobs of the installation that have not ended")
                        .tag("state", word(state))
                        .register(meters);
            }
            for (NodeState state : NodeState.values()) {
                Gauge.builder(
                                "mailgenius.nodes",
                                () -> census.last().nodes().getOrDefault(state, 0L))
                        .description("Nodes of the installation; dead and gone ones of a day")
                        .tag("state", word(state))
                        .register(meters);
            }
            gauge(
                    meters,
                    "mailgenius.jobs.oldest.queued.seconds",
                    "How long the first queued job has been due",
                    census,
                    count -> age(count.oldestDue(), clock));
            gauge(
                    meters,
                    "mailgenius.chunks.claimed",
                    "Chunks in the hands of all nodes",
                    census,
                    Count::chunksInHand);
            gauge(
                    meters,
                    "mailgenius.database.replication.lag.seconds",
                    "How far the slowest standby of PostgreSQL is behind",
                    census,
                    Count::replicationLag);
            gauge(
                    meters,
                    "mailgenius.disk.used",
                    "How full the fullest disk of this node is, from 0 to 1",
                    census,
                    Count::diskUsed);
            Gauge.builder("mailgenius.slots", settings::slots)
                    .description("Chunks that this node works on at a time")
                    .register(meters);
            Gauge.builder(
                            "mailgenius.chunks.in.hand",
                            () -> chunks.stream().mapToInt(it -> it.inHand().size()).sum())
                    .description("Chunks that this node has claimed")
                    .register(meters);
        };
    }

    private static void gauge(
            MeterRegistry meters,
            String name,
            String description,
            Census census,
            ToDoubleFunction<Count> figure) {
        Gauge.builder(name, () -> figure.applyAsDouble(census.last()))
                .description(description)
                .register(meters);
    }

    private static double age(@Nullable Instant since, Clock clock) {
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1_000.0);
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
