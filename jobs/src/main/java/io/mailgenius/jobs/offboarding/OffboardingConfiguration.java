package io.mailgenius.jobs.offboarding;

import io.mailgenius.engine.launching.RecurringWork;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OffboardingConfiguration {

    @Bean
    RecurringWork leavingWorkspaces(Offboarding offboarding) {
        return new RecurringWork(
                "leaving-workspaces",
                Duration.ofSeconds(15),
                RecurringWork.LONG,
                offboarding::proceed);
    }

    @Bean
    RecurringWork expiredExports(Offboarding offboarding) {
        return new RecurringWork(
                "expired-exports",
                Duration.ofHours(1),
                RecurringWork.LONG,
                offboarding::deleteExpired);
    }
}
