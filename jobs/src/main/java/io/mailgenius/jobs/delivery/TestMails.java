package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Records test mails before they are sent, and keeps them few: they need no consent, so a workspace
 * could mail strangers by them.
 */
@Component
final class TestMails {

    /** Recipients in an hour. */
    private static final int AN_HOUR = 100;

    /** Different addresses in a day. */
    private static final int ADDRESSES_A_DAY = 25;

    private final JdbcClient jdbc;
    private final WorkspaceLimits limits;
    private final TransactionTemplate transaction;
    private final Clock clock;

    TestMails(
            JdbcClient jdbc, WorkspaceLimits limits, TransactionTemplate transaction, Clock clock) {
        this.jdbc = jdbc;
        this.limits = limits;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * @throws Refusal.Conflict if one of them is suppressed, there were too many, or the workspace
     *     may send no more this month; nothing is recorded then
     */
    void record(long campaign, List<String> emails) {
        transaction.executeWithoutResult(
                _ -> {
                    // One after the other, so that two requests do not use the same allowance.
                    jdbc.sql("SELECT id FROM workspace WHERE id = :workspace FOR NO KEY UPDATE")
                            .param("workspace", WorkspaceScope.required())
                            .query((row, _) -> row.getLong(1))
                            .single();
                    requireUnsuppressed(emails);
                    requireFew(emails);
                    limits.requireMails(emails.size(), clock.instant());
                    limits.takeMails(emails.size(), clock.instant());
                    insert(campaign, emails);
                });
    }

    private void requireUnsuppressed(List<String> emails) {
        List<String> suppressed =
                jdbc.sql(
                                """
                                SELECT email FROM suppression
                                 WHERE workspace_id = :workspace AND email = ANY (:emails) ORDER BY email
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("emails", emails.toArray(String[]::new))
                        .query((row, _) -> row.getString(1))
                        .list();
        if (!suppressed.isEmpty()) {
            throw new Refusal.Conflict(
                    "address-is-suppressed",
                    "%s gets no mails of this workspace, and no test either."
                            .formatted(String.join(", ", suppressed)));
        }
    }

    private void requireFew(List<String> emails) {
        Instant now = clock.instant();
        long ofHour =
                jdbc.sql(
                                """
                                SELECT count(*) FROM test_mail
                                 WHERE workspace_id = :workspace AND sent_at > :since
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("since", now.minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single();
        if (ofHour + emails.size() > AN_HOUR) {
            throw new Refusal.Conflict(
                    "too-many-test-mails",
                    "A workspace sends %d test mails an hour at most, and has sent %d: wait, or name fewer addresses."
                            .formatted(AN_HOUR, ofHour));
        }
        long addresses =
                jdbc.sql(
                                """
                                SELECT count(*) FROM (
                                       SELECT email FROM test_mail
                                        WHERE workspace_id = :workspace AND sent_at > :since
                                       UNION SELECT unnest(:emails::text[])) a
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("since", now.minus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC))
                        .param("emails", emails.toArray(String[]::new))
                        .query(Long.class)
                        .single();
        if (addresses > ADDRESSES_A_DAY) {
            throw new Refusal.Conflict(
                    "too-many-test-addresses",
                    "A workspace tests with %d different addresses a day at most: use those of today again."
                            .formatted(ADDRESSES_A_DAY));
        }
    }

    private void insert(long campaign, List<String> emails) {
        jdbc.sql(
                        """
                        INSERT INTO test_mail (workspace_id, campaign_id, email, sent_at)
                        SELECT :workspace, :campaign, e, :now FROM unnest(:emails::text[]) e
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaign)
                .param("emails", emails.toArray(String[]::new))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }
}
