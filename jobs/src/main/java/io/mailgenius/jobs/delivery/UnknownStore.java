package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.schema.SendStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/**
 * Rows of table send whose outcome is UNKNOWN. Every change locks them in the order of contacts
 * first, so that two concurrent decisions do not deadlock, and the second finds nothing left to
 * settle.
 */
@Component
final class UnknownStore {

    /** A decision whose job was abandoned does not hold its mails any more. */
    private static final String UNDECIDED =
            """
            status = 'UNKNOWN'
                AND (again_id IS NULL
                     OR NOT EXISTS (SELECT FROM send_decision d JOIN launch l ON l.id = d.launch_id
                                     WHERE d.workspace_id = :workspace AND d.id = again_id
                                       AND l.state <> 'ABANDONED'))
            """;

    private final JdbcClient jdbc;

    UnknownStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Marks mails as sent that the provider has reported about. FAILED and SUPPRESSED do not prove
     * that the mail was sent: a person decides. {@code + 0} leaves the index of a contact's few
     * events to use.
     *
     * @return how many are SENT now
     */
    int settleProven(long campaignId) {
        return of(
                        campaignId,
                        """
                        WITH proven AS (
                            SELECT s.contact_id, p.type, p.provider_id
                              FROM send s
                             CROSS JOIN LATERAL (
                                   SELECT e.type, e.provider_id FROM event e
                                    WHERE e.workspace_id = :workspace AND e.contact_id = s.contact_id
                                      AND e.campaign_id + 0 = :campaign
                                      AND e.type IN ('SENT', 'DELIVERED', 'DELAYED', 'BOUNCED', 'COMPLAINED',
                                                     'OPENED', 'CLICKED', 'MACHINE_OPENED', 'MACHINE_CLICKED')
                                    ORDER BY e.occurred_at LIMIT 1) p
                             WHERE s.workspace_id = :workspace AND s.campaign_id = :campaign
                               AND s.status = 'UNKNOWN'
                             ORDER BY s.contact_id FOR UPDATE OF s
                        )
                        UPDATE send s
                           SET status = 'SENT', reason = 'was unknown until the event ' || p.type,
                               provider_id = p.provider_id, again_id = NULL
                          FROM proven p
                         WHERE s.workspace_id = :workspace AND s.campaign_id = :campaign
                           AND s.contact_id = p.contact_id AND s.status = 'UNKNOWN'
                        """)
                .update();
    }

    /**
     * Marks mails as sent.
     *
     * @param contacts null means all
     * @return how many
     */
    int sent(long campaignId, long decisionId, String reason, long @Nullable [] contacts) {
        return decided(
                        campaignId,
                        decisionId,
                        contacts,
                        "status = 'SENT', again_id = NULL, reason = 'marked as sent: ' || :reason")
                .param("reason", reason)
                .update();
    }

    /**
     * Assigns mails to the job of this decision, and to no other.
     *
     * @param contacts null means all
     * @return how many
     */
    int again(long campaignId, long decisionId, long @Nullable [] contacts) {
        return decided(campaignId, decisionId, contacts, "again_id = :decision").update();
    }

    private StatementSpec decided(
            long campaignId, long decisionId, long @Nullable [] contacts, String change) {
        return of(
                        campaignId,
                        """
                        WITH open AS (
                            SELECT contact_id FROM send
                             WHERE workspace_id = :workspace AND campaign_id = :campaign
                               AND (:all OR contact_id = ANY (:contacts)) AND %s
                             ORDER BY contact_id FOR UPDATE
                        ), decided AS (
                            UPDATE send s SET %s
                              FROM open
                             WHERE s.workspace_id = :workspace AND s.campaign_id = :campaign
                               AND s.contact_id = open.contact_id
                            RETURNING s.contact_id
                        )
                        INSERT INTO send_decision_contact (workspace_id, decision_id, contact_id)
                        SELECT :workspace, :decision, contact_id FROM decided
                        """
                                .formatted(UNDECIDED, change))
                .param("decision", decisionId)
                .param("all", contacts == null)
                .param("contacts", contacts == null ? new long[0] : contacts);
    }

    /** Those of the contacts that the decision still has to send to. */
    Set<Long> waiting(long campaignId, long decisionId, long[] contacts) {
        return new HashSet<>(
                of(
                                campaignId,
                                """
                                SELECT contact_id FROM send
                                 WHERE workspace_id = :workspace AND campaign_id = :campaign
                                   AND contact_id = ANY (:contacts)
                                   AND status = 'UNKNOWN' AND again_id = :decision
                                """)
                        .param("decision", decisionId)
                        .param("contacts", contacts)
                        .query((row, n) -> row.getLong(1))
                        .list());
    }

    /**
     * Stores the outcomes of mails that were sent again. A mail that an event settled meanwhile is
     * left unchanged.
     *
     * @return the status of each mail that got its outcome here
     */
    List<SendStatus> settle(long campaignId, long decisionId, List<Send> outcome, Instant now) {
        return of(
                        campaignId,
                        """
                        WITH waiting AS (
                            SELECT contact_id FROM send
                             WHERE workspace_id = :workspace AND campaign_id = :campaign
                               AND contact_id = ANY (:contacts)
                               AND status = 'UNKNOWN' AND again_id = :decision
                             ORDER BY contact_id FOR UPDATE
                        )
                        UPDATE send s
                           SET status = o.status, reason = o.reason, provider_id = o.provider_id,
                               batch_key = coalesce(o.batch_key, s.batch_key),
                               planned_at = coalesce(o.planned_at::timestamptz, s.planned_at),
                               recorded_at = :now, again_id = NULL
                          FROM waiting
                          JOIN unnest(:contacts::bigint[], :statuses::text[], :reasons::text[],
                                      :providerIds::text[], :keys::text[], :moments::text[])
                               AS o (contact_id, status, reason, provider_id, batch_key, planned_at)
                            ON o.contact_id = waiting.contact_id
                         WHERE s.workspace_id = :workspace AND s.campaign_id = :campaign
                           AND s.contact_id = waiting.contact_id
                        RETURNING s.status
                        """)
                .param("decision", decisionId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("contacts", outcome.stream().mapToLong(Send::contactId).toArray())
                .param(
                        "statuses",
                        outcome.stream().map(s -> s.status().name()).toArray(String[]::new))
                .param("reasons", outcome.stream().map(Send::reason).toArray(String[]::new))
                .param("providerIds", outcome.stream().map(Send::providerId).toArray(String[]::new))
                .param("keys", SendStore.keys(outcome))
                .param("moments", SendStore.moments(outcome))
                .query((row, n) -> SendStatus.valueOf(row.getString(1)))
                .list();
    }

    private StatementSpec of(long campaignId, String sql) {
        return jdbc.sql(sql)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId);
    }

    record Campaign(long workspaceId, long id) {}

    /** Of all workspaces: the function is exempt from row-level security. */
    List<Campaign> campaigns() {
        return jdbc.sql("SELECT workspace_id, campaign_id FROM campaigns_with_unknown_sends()")
                .query((row, n) -> new Campaign(row.getLong(1), row.getLong(2)))
                .list();
    }
}
