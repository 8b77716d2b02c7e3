package io.mailgenius.engine;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.NodeOrders;
import io.mailgenius.engine.cluster.NodeReport;
import io.mailgenius.engine.cluster.NodeStuck;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.database.ClockOffset;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.database.StatementWatch;
import io.mailgenius.engine.launching.JobEndHandler;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.partitioning.AwaitSteps;
import io.mailgenius.engine.partitioning.ChunkWriters;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.LeanMetadata;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.engine.transport.CompletionNotifier;
import io.mailgenius.engine.transport.JobQueues;
import io.mailgenius.schema.WorkspaceSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import tools.jackson.databind.json.JsonMapper;

/**
 * The beans of the engine. An application provides {@link EngineSettings}, a {@link DataSource}
 * whose role obeys row-level security, and a Redis connection.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan({
    "io.mailgenius.engine.alerts",
    "io.mailgenius.engine.census",
    "io.mailgenius.engine.launching",
    "io.mailgenius.engine.observation",
    "io.mailgenius.engine.operations",
    "io.mailgenius.engine.progress",
    "io.mailgenius.engine.recovery",
    "io.mailgenius.engine.retention",
    "io.mailgenius.engine.transport",
    "io.mailgenius.engine.worker"
})
@PropertySource("classpath:engine.properties")
@EnableIntegration
@EnableTransactionManagement
public class EngineConfiguration {

    /**
     * Wraps the data source, so that each connection is assigned the workspace of the caller's
     * scope.
     */
    @Bean
    static BeanPostProcessor workspaceSource(
            ObjectProvider<EngineSettings> settings, ObjectProvider<StatementWatch> watch) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource pool && !name.equals(ControlDatabase.POOL)
                        ? new WorkspaceSource(
                                pool, settings.getObject().lease(), watch.getObject()::opened)
                        : bean;
            }
        };
    }

    @Bean
    static BeanPostProcessor leanMetadata() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof JobRepository repository
                        ? LeanMetadata.of(repository)
                        : bean;
            }
        };
    }

    @Bean
    NodeId nodeId() {
        return NodeId.ofThisProcess();
    }

    /**
     * @param ahead shifts the clock of this node, for tests and for {@code bench chaos}
     */
    @Bean
    ClockOffset clockOffset(
            ControlDatabase control, @Value("${mailgenius.clock-ahead:0s}") Duration ahead) {
        ClockOffset offset =
                new ClockOffset(Clock.offset(Clock.systemUTC(), ahead), control.jdbc());
        offset.measure();
        return offset;
    }

    @Bean
    Clock clock(ClockOffset offset) {
        return offset.clock();
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new WorkspaceTransactionManager(dataSource);
    }

    /** Not a default candidate, so that only the control plane injects it. */
    @Bean(name = ControlDatabase.POOL, defaultCandidate = false)
    @Qualifier(ControlDatabase.POOL)
    DataSource controlDataSource(DataSource dataSource, EngineSettings settings) {
        return ControlDatabase.pool(dataSource, settings.lease());
    }

    /** Asks for the pool of the control plane later, because that pool is made of the main one. */
    @Bean
    static StatementWatch statementWatch(
            ObjectProvider<ControlDatabase> control, EngineSettings settings) {
        return new StatementWatch(control::getObject, settings.lease());
    }

    @Bean
    ControlDatabase controlDatabase(@Qualifier(ControlDatabase.POOL) DataSource pool) {
        return new ControlDatabase(pool);
    }

    @Bean
    RoundMonitor roundMonitor(
            ApplicationEventPublisher events, ObjectProvider<MeterRegistry> meters) {
        return new RoundMonitor(
                System::nanoTime,
                loop -> events.publishEvent(new NodeStuck(loop)),
                meters.getIfAvailable());
    }

    @Bean
    NodeOrders nodeOrders(ControlDatabase control, JsonMapper json) {
        return new NodeOrders(control.jdbc(), json);
    }

    /**
     * @param name the same for every run of this node; the machine and its port unless set
     * @param version of the program
     */
    @Bean
    Nodes nodes(
            ControlDatabase control,
            NodeOrders orders,
            DataSource dataSource,
            @Value("${mailgenius.node-name:}") String name,
            @Value("${server.port:}") String port,
            @Value("${mailgenius.version:${spring.application.version:}}") String version) {
        return new Nodes(
                control.jdbc(),
                new NodeReport(
                        NodeReport.nameOf(name, port),
                        version.isBlank() ? null : version,
                        dataSource),
                orders);
    }

    @Bean
    Ledger ledger(JdbcClient jdbc, JsonMapper json) {
        return new Ledger(jdbc, json);
    }

    @Bean
    ReadyChunks readyChunks(JdbcClient jdbc) {
        return new ReadyChunks(jdbc);
    }

    @Bean
    ChunkWriters chunkWriters(
            Ledger ledger, LiveLaunches launches, JobQueues queues, JsonMapper json, Clock clock) {
        return new ChunkWriters(ledger, launches, queues, json, clock);
    }

    @Bean
    AwaitSteps awaitSteps(
            JobRepository repository,
            ControlDatabase control,
            LiveLaunches launches,
            CompletionNotifier notifier,
            JsonMapper json) {
        return new AwaitSteps(repository, new Ledger(control.jdbc(), json), launches, notifier);
    }

    @Bean
    ChunkedJobs chunkedJobs(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ChunkWriters writers,
            AwaitSteps awaitSteps,
            LiveLaunches launches,
            JobEndHandler jobEndHandler,
            JobQueues queues,
            JsonMapper json) {
        return new ChunkedJobs(
                repository,
                transactions,
                writers,
                awaitSteps,
                launches,
                jobEndHandler,
                queues,
                json);
    }
}
