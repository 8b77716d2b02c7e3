package io.mailgenius.jobs.workspaces;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageConfiguration {

    /** Rows of a day come to their end soon after it. */
    private static final int NEW_DAYS = 2;

    /** For days on which no node has run this. */
    private static final int ALL_DAYS = 70;

    @Bean
    RecurringWork usageOfDays(Usage usage) {
        return new RecurringWork(
                "usage-of-days", Duration.ofMinutes(1), () -> usage.addUp(NEW_DAYS));
    }

    @Bean
    RecurringWork heldOnDays(Usage usage, Workspaces workspaces) {
        return new RecurringWork(
                "held-on-days",
                Duration.ofHours(1),
                RecurringWork.LONG,
                () -> {
                    usage.addUp(ALL_DAYS);
                    workspaces.ids().forEach(id -> WorkspaceScope.run(id, usage::hold));
                });
    }
}
