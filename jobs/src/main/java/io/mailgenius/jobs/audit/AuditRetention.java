package io.mailgenius.jobs.audit;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Cuts the audit trails of workspaces that do not keep theirs for ever. */
@Configuration(proxyBeanMethods = false)
class AuditRetention {

    @Bean
    RecurringWork auditCuts(Workspaces workspaces, AuditTrail trail) {
        return new RecurringWork(
                "audit-retention",
                Duration.ofHours(1),
                RecurringWork.LONG,
                () -> workspaces.ids().forEach(id -> WorkspaceScope.run(id, trail::cut)));
    }
}
