package io.mailgenius.jobs.activities;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ActivitiesConfiguration {

    private static final int AT_ONCE = 10_000;

    /** Activities are kept as long as events of mails. */
    @Bean
    RecurringWork activityRetention(
            ActivityStore store,
            Workspaces workspaces,
            @Value("${mailgenius.keep-events:P730D}") String keep,
            Clock clock) {
        Duration kept = Duration.parse(keep);
        return new RecurringWork(
                "activity-retention",
                Duration.ofHours(6),
                RecurringWork.LONG,
                () -> {
                    Instant before = clock.instant().minus(kept);
                    for (long workspace : workspaces.ids()) {
                        WorkspaceScope.run(workspace, () -> forget(store, before));
                    }
                });
    }

    private static void forget(ActivityStore store, Instant before) {
        while (store.forget(before, AT_ONCE) == AT_ONCE
                && !Thread.currentThread().isInterrupted()) {}
    }
}
