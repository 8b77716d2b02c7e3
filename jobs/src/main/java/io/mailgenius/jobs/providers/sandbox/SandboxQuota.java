package io.mailgenius.jobs.providers.sandbox;

import io.mailgenius.jobs.providers.sandbox.SandboxBatches.Admission;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts mails per day and month, in UTC and over all nodes, like an account of Resend. A
 * repetition does not count.
 */
final class SandboxQuota {

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final SandboxSettings settings;

    SandboxQuota(DataSource database, SandboxSettings settings) {
        this.database = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.settings = settings;
    }

    /** Stores a batch; if the quota is exceeded, this is rolled back and uses up no key. */
    Admission within(Supplier<Admission> taking) {
        if (settings.mailsADay() == 0 && settings.mailsAMonth() == 0) {
            return taking.get();
        }
        return Objects.requireNonNull(
                transaction.execute(
                        _ -> {
                            // Two nodes that count concurrently would both stay below the quota.
                            database.sql(
                                            "SELECT pg_advisory_xact_lock(hashtext('mailgenius.sandbox-quota'))")
                                    .query(row -> {});
                            Spent before = spent();
                            Admission admission = taking.get();
                            require(before, spent());
                            return admission;
                        }));
    }

    private void require(Spent before, Spent after) {
        if (isOver(settings.mailsADay(), before.today(), after.today())) {
            throw new SandboxError(
                    429, "daily_quota_exceeded", "You have reached your daily email quota.");
        }
        if (isOver(settings.mailsAMonth(), before.thisMonth(), after.thisMonth())) {
            throw new SandboxError(
                    429, "monthly_quota_exceeded", "You have reached your monthly email quota.");
        }
    }

    private static boolean isOver(int quota, long before, long after) {
        return quota > 0 && after > quota && after > before;
    }

    private record Spent(long today, long thisMonth) {}

    private Spent spent() {
        return database.sql(
                        """
                        SELECT coalesce(sum(mails) FILTER (WHERE accepted_at >= date_trunc('day', now(), 'UTC')), 0),
                               coalesce(sum(mails), 0)
                          FROM sandbox_batch WHERE accepted_at >= date_trunc('month', now(), 'UTC')
                        """)
                .query((row, _) -> new Spent(row.getLong(1), row.getLong(2)))
                .single();
    }
}
