package io.mailgenius.engine.retention;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {

    private static final Duration PAUSE = Duration.ofHours(1);

    @Bean
    Retention retention(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            EngineSettings settings,
            Clock clock) {
        return new Retention(jdbc, new TransactionTemplate(transactions), settings.keep(), clock);
    }

    @Bean
    RecurringWork forgetOldJobs(Retention retention) {
        return new RecurringWork(
                "retention",
                PAUSE,
                RecurringWork.LONG,
                () -> WorkspaceScope.runAcrossWorkspaces(retention::run));
    }
}
