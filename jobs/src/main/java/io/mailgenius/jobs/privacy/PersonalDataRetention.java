package io.mailgenius.jobs.privacy;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.imports.UploadedFiles;
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

/** Deletes what is kept for a time: uploaded files, archives that have expired, test mails. */
@Configuration(proxyBeanMethods = false)
class PersonalDataRetention {

    /** Longer than the limits of test mails look back. */
    private static final Duration TEST_MAILS = Duration.ofDays(30);

    @Bean
    RecurringWork personalData(
            Workspaces workspaces,
            UploadedFiles files,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            @Value("${mailgenius.keep-uploads:P90D}") Duration keepUploads,
            Clock clock) {
        return new RecurringWork(
                "personal-data-retention",
                Duration.ofHours(1),
                RecurringWork.LONG,
                () -> {
                    for (long workspace : workspaces.ids()) {
                        WorkspaceScope.run(
                                workspace,
                                () -> {
                                    files.deleteOlderThan(keepUploads);
                                    transaction.executeWithoutResult(
                                            _ -> forget(jdbc, clock.instant()));
                                });
                    }
                });
    }

    private static void forget(JdbcClient jdbc, Instant now) {
        jdbc.sql(
                        "DELETE FROM privacy_export WHERE workspace_id = :workspace AND expires_at <= :now")
                .param("workspace", WorkspaceScope.required())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("DELETE FROM test_mail WHERE workspace_id = :workspace AND sent_at <= :before")
                .param("workspace", WorkspaceScope.required())
                .param("before", now.minus(TEST_MAILS).atOffset(ZoneOffset.UTC))
                .update();
    }
}
