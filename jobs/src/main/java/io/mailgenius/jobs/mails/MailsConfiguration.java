package io.mailgenius.jobs.mails;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class MailsConfiguration {

    private static final Duration CONTENT = Duration.ofDays(30);

    /** Mails are kept as long as events, their content for a month. */
    @Bean
    RecurringWork mailRetention(
            Workspaces workspaces,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            @Value("${mailgenius.keep-events:P730D}") String keep,
            Clock clock) {
        Duration kept = Duration.parse(keep);
        return new RecurringWork(
                "mail-retention",
                Duration.ofHours(6),
                RecurringWork.LONG,
                () -> {
                    Instant now = clock.instant();
                    for (long workspace : workspaces.ids()) {
                        WorkspaceScope.run(
                                workspace,
                                () ->
                                        transaction.executeWithoutResult(
                                                _ -> forget(jdbc, now, now.minus(kept))));
                    }
                });
    }

    private static void forget(JdbcClient jdbc, Instant now, Instant before) {
        jdbc.sql(
                        "DELETE FROM mail WHERE workspace_id = :workspace AND created_at < :before AND status <> 'QUEUED'")
                .param("workspace", WorkspaceScope.required())
                .param("before", before.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(
                        """
                        UPDATE mail SET html = NULL, body = NULL
                         WHERE workspace_id = :workspace AND created_at < :before AND status <> 'QUEUED'
                           AND due_at < :before AND (html IS NOT NULL OR body IS NOT NULL)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("before", now.minus(CONTENT).atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(
                        "DELETE FROM mail_request WHERE workspace_id = :workspace AND created_at < :before")
                .param("workspace", WorkspaceScope.required())
                .param("before", now.minus(MailRequests.KEPT).atOffset(ZoneOffset.UTC))
                .update();
    }
}
