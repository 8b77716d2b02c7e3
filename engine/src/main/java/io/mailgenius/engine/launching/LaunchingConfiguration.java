package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.mailgenius.engine.EngineSettings;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.ReadyChunks;
import io.mailgenius.engine.node.NodeId;
import io.mailgenius.engine.transport.Doorbell;
import io.mailgenius.engine.transport.Lanes;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class LaunchingConfiguration {

    @Bean
    LiveLaunches liveLaunches(JdbcClient jdbc) {
        return new LiveLaunches(jdbc);
    }

    @Bean
    Endings endings() {
        return new Endings();
    }

    @Bean
    LaunchStore launchStore(JdbcClient jdbc, JsonMapper json) {
        return new LaunchStore(jdbc, json);
    }

    @Bean
    Launches launches(LaunchStore store, Ledger ledger, DataSource dataSource, Clock clock) {
        // The client joins the caller's transaction, so a launch and its task are written together.
        SchedulerClient client =
                SchedulerClient.Builder.create(
                                new TransactionAwareDataSourceProxy(dataSource),
                                List.of(LaunchTask.of((launch, run) -> JobRunner.OVER)))
                        .build();
        return new Launches(store, ledger, client, clock);
    }

    @Bean
    Manager manager(
            EngineSettings settings,
            NodeId node,
            DataSource dataSource,
            LaunchStore store,
            LiveLaunches live,
            Endings endings,
            Ledger ledger,
            ReadyChunks ready,
            Lanes lanes,
            Doorbell doorbell,
            PlatformTransactionManager transactions,
            ObjectProvider<Job> jobs,
            JobRepository repository,
            JobOperator operator,
            ObjectProvider<Recurring> recurring,
            Clock clock) {
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        LaunchEnd ends =
                new LaunchEnd(store, live, endings, ledger, lanes, doorbell, transaction, clock);
        JobRunner runner =
                new JobRunner(
                        store,
                        live,
                        ends,
                        ready,
                        transaction,
                        jobs.stream().toList(),
                        repository,
                        operator,
                        node,
                        clock);
        // What the scheduler writes in a transaction of ours is a part of it.
        return new Manager(
                new TransactionAwareDataSourceProxy(dataSource),
                runner,
                recurring.stream().toList(),
                settings,
                node);
    }
}
