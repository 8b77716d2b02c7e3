package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendDecision;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table send_decision: who settled mails without an outcome, when, how, and why. */
@Component
final class DecisionStore {

    private final JdbcClient jdbc;

    DecisionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    long insert(long campaignId, SendDecision decision, String reason, String by, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO send_decision (workspace_id, campaign_id, decision, reason, decided_by, decided_at)
                        VALUES (:workspace, :campaign, :decision, :reason, :by, :now)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .param("decision", decision.name())
                .param("reason", reason)
                .param("by", by)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, n) -> row.getLong(1))
                .single();
    }

    void concerns(long id, long contacts, @Nullable Long launchId) {
        jdbc.sql(
                        "UPDATE send_decision SET contacts = :contacts, launch_id = :launch WHERE id = :id")
                .param("contacts", contacts)
                .param("launch", launchId)
                .param("id", id)
                .update();
    }

    void problem(long id, @Nullable String problem) {
        jdbc.sql("UPDATE send_decision SET problem = :problem WHERE id = :id")
                .param("problem", problem)
                .param("id", id)
                .update();
    }

    Optional<Long> launchOf(long id) {
        return jdbc.sql(
                        """
                        SELECT launch_id FROM send_decision WHERE id = :id AND launch_id IS NOT NULL
                        """)
                .param("id", id)
                .query((row, n) -> row.getLong(1))
                .optional();
    }

    /** The next contacts of the decision, in the order of the key. */
    long[] contacts(long id, long after, int rows) {
        return jdbc
                .sql(
                        """
                        SELECT contact_id FROM send_decision_contact
                         WHERE workspace_id = :workspace AND decision_id = :id AND contact_id > :after
                         ORDER BY contact_id LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("after", after)
                .param("rows", rows)
                .query((row, n) -> row.getLong(1))
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /** The newest first. */
    List<DecisionView> page(long campaignId, long before, int rows) {
        return jdbc.sql(
                        """
                        SELECT d.*, l.job_execution_id
                          FROM send_decision d LEFT JOIN launch l ON l.id = d.launch_id
                         WHERE d.workspace_id = :workspace AND d.campaign_id = :campaign
                           AND (:before = 0 OR d.id < :before)
                         ORDER BY d.id DESC LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .param("before", before)
                .param("rows", rows)
                .query(DecisionStore::view)
                .list();
    }

    private static DecisionView view(ResultSet row, int number) throws SQLException {
        return new DecisionView(
                row.getLong("id"),
                SendDecision.valueOf(row.getString("decision")),
                row.getString("reason"),
                row.getLong("contacts"),
                row.getString("decided_by"),
                row.getObject("decided_at", OffsetDateTime.class).toInstant(),
                row.getObject("job_execution_id", Long.class),
                row.getString("problem"));
    }
}
