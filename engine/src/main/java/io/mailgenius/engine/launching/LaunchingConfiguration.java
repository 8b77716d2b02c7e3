package io.mailgenius.engine.launching;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.database.ClockOffset;
import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.transport.CompletionNotifier;
import io.mailgenius.engine.transport.JobQueues;
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
    LiveLaunches liveLaunches(JdbcClient jdbc, ControlDatabase control) {
        return new LiveLaunches(jdbc, control.jdbc());
    }

    @Bean
    ParkedLaunches parkedLaunches(ControlDatabase control, ClockOffset offset) {
        return new ParkedLaunches(control.jdbc(), offset);
    }

    @Bean
    DueSignal dueSignal() {
        return new DueSignal();
    }

    @Bean
    JobEndHandler endings() {
        return new JobEndHandler();
    }

    @Bean
    LaunchStore launchStore(JdbcClient jdbc, JsonMapper json) {
        return new LaunchStore(jdbc, json);
    }

    @Bean
    LaunchHistory launchHistory(JdbcClient jdbc, JsonMapper json) {
        return new LaunchHistory(jdbc, json);
    }

    @Bean
    Launches launches(
            LaunchStore store,
            LaunchHistory history,
            Ledger ledger,
            DataSource dataSource,
            DueSignal due,
            JobObservation observation,
            Clock clock) {
        // The client joins the caller's transaction, so that a launch and its task are written
        // together.
        SchedulerClient client =
                SchedulerClient.Builder.create(
                                new TransactionAwareDataSourceProxy(dataSource),
                                List.of(LaunchTask.of((launch, run) -> JobRunner.REMOVE_TASK)))
                        .enablePriority()
                        .build();
        return new Launches(store, history, ledger, client, due, observation.traces(), clock);
    }

    @Bean
    ParkedJobWaker parkedJobWaker(
            CompletionNotifier notifier,
            ParkedLaunches parked,
            DueSignal due,
            EngineSettings settings,
            RoundMonitor monitor) {
        return new ParkedJobWaker(notifier, parked, due, settings, monitor);
    }

    @Bean
    LaunchCompletion launchEnd(
            LaunchStore store,
            LiveLaunches live,
            JobEndHandler jobEndHandler,
            Ledger ledger,
            JobQueues queues,
            PlatformTransactionManager transactions,
            JobObservation observation,
            Clock clock) {
        return new LaunchCompletion(
                store,
                live,
                jobEndHandler,
                ledger,
                queues,
                new TransactionTemplate(transactions),
                observation,
                clock);
    }

    @Bean
    BatchExecutions batchExecutions(
            ObjectProvider<Job> jobs,
            JobRepository repository,
            JobOperator operator,
            JobObservation observation,
            Clock clock) {
        return new BatchExecutions(
                jobs.stream().toList(), repository, operator, observation, clock);
    }

    @Bean
    JobRunner jobRunner(
            ControlDatabase control,
            LiveLaunches live,
            LaunchCompletion ends,
            ParkedLaunches parked,
            BatchExecutions executions,
            NodeId node,
            JsonMapper json,
            Clock clock) {
        return new JobRunner(
                new LaunchStore(control.jdbc(), json),
                live,
                ends,
                parked,
                control,
                executions,
                node,
                clock);
    }

    @Bean
    LaunchScheduler manager(
            ControlDatabase control,
            DueSignal due,
            JobRunner runner,
            ObjectProvider<RecurringWork> recurring,
            EngineSettings settings,
            NodeId node,
            RoundMonitor monitor,
            ClockOffset offset) {
        // The scheduler's writes join the transactions of the control plane.
        return new LaunchScheduler(
                new TransactionAwareDataSourceProxy(control.dataSource()),
                due,
                runner,
                recurring.stream().toList(),
                settings,
                node,
                monitor,
                offset);
    }
}
