package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.PersonBehind;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ApprovalStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Table campaign_approval. Its writers hold the lock of the campaign's row. */
@Component
final class ApprovalStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ApprovalStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    record Stored(long id, byte[] hash, @Nullable Long requesterId, ApprovalView view) {

        boolean isOf(byte[] content) {
            return Arrays.equals(hash, content);
        }
    }

    private static String actor() {
        Actor actor = ActorScope.current();
        return actor == null ? "program" : actor.name();
    }

    /** Who acts; null if no person is known behind it. */
    @Nullable Long person() {
        return PersonBehind.current(jdbc);
    }

    /** The last request of a campaign. */
    Optional<Stored> last(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT * FROM campaign_approval
                         WHERE workspace_id = :workspace AND campaign_id = :campaign
                         ORDER BY id DESC LIMIT 1
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query(this::stored)
                .optional();
    }

    void request(
            long campaignId,
            byte[] hash,
            long recipients,
            @Nullable Schedule schedule,
            Instant now) {
        jdbc.sql(
                        """
                        UPDATE campaign_approval SET status = 'OVERTAKEN'
                         WHERE workspace_id = :workspace AND campaign_id = :campaign AND status = 'PENDING'
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO campaign_approval (workspace_id, campaign_id, content_hash, recipients, schedule,
                                                       requested_by, requester_id, requested_at)
                        VALUES (:workspace, :campaign, :hash, :recipients, :schedule::jsonb, :actor, :person, :now)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .param("hash", hash)
                .param("recipients", recipients)
                .param("schedule", schedule == null ? null : json.writeValueAsString(schedule))
                .param("actor", actor())
                .param("person", person())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void decide(long id, ApprovalStatus status, long person, @Nullable String note, Instant now) {
        jdbc.sql(
                        """
                        UPDATE campaign_approval
                           SET status = :status, decided_by = :actor, decider_id = :person, decided_at = :now,
                               note = :note
                         WHERE workspace_id = :workspace AND id = :id AND status = 'PENDING'
                        """)
                .param("status", status.name())
                .param("actor", actor())
                .param("person", person)
                .param("note", note)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        String schedule = row.getString("schedule");
        OffsetDateTime decided = row.getObject("decided_at", OffsetDateTime.class);
        return new Stored(
                row.getLong("id"),
                row.getBytes("content_hash"),
                row.getObject("requester_id", Long.class),
                new ApprovalView(
                        ApprovalStatus.valueOf(row.getString("status")),
                        row.getLong("recipients"),
                        schedule == null ? null : json.readValue(schedule, Schedule.class),
                        row.getString("requested_by"),
                        row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                        row.getString("decided_by"),
                        decided == null ? null : decided.toInstant(),
                        row.getString("note")));
    }
}
