package io.mailgenius.engine;

import io.mailgenius.engine.launching.Endings;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.manager.ChunkedJobs;
import io.mailgenius.engine.node.NodeId;
import io.mailgenius.engine.node.Nodes;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.engine.transport.Doorbell;
import io.mailgenius.engine.transport.Lanes;
import io.mailgenius.schema.WorkspaceSource;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.config.BeanPostProcessor;
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
 * The engine's beans. An application brings {@link EngineSettings}, a {@link DataSource} that works
 * as the role that obeys row-level security, and a Redis connection.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan({
    "io.mailgenius.engine.launching",
    "io.mailgenius.engine.progress",
    "io.mailgenius.engine.retention",
    "io.mailgenius.engine.transport",
    "io.mailgenius.engine.worker"
})
@PropertySource("classpath:engine.properties")
@EnableIntegration
@EnableTransactionManagement
public class EngineConfiguration {

    /** Whoever asks for connections gets them with the workspace of its scope named. */
    @Bean
    static BeanPostProcessor workspaceSource() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource pool ? new WorkspaceSource(pool) : bean;
            }
        };
    }

    @Bean
    NodeId nodeId() {
        return NodeId.ofThisProcess();
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new WorkspaceTransactionManager(dataSource);
    }

    @Bean
    Nodes nodes(JdbcClient jdbc) {
        return new Nodes(jdbc);
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
    ChunkedJobs chunkedJobs(
            JobRepository repository,
            PlatformTransactionManager transactions,
            Ledger ledger,
            ReadyChunks ready,
            LiveLaunches launches,
            Endings endings,
            Lanes lanes,
            Doorbell doorbell,
            JsonMapper json,
            Clock clock) {
        return new ChunkedJobs(
                repository,
                transactions,
                ledger,
                ready,
                launches,
                endings,
                lanes,
                doorbell,
                json,
                clock);
    }
}
