package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads table send, with the recipients' addresses and events. */
@Component
final class SendViews {

    private final JdbcClient jdbc;

    SendViews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Limits the page before the joins, so that only its rows are looked up. Events of one contact
     * are few and those of a campaign many: {@code + 0} leaves only the first index to use.
     */
    List<SendView> page(long campaignId, @Nullable SendStatus status, long after, int rows) {
        return jdbc.sql(
                        """
                        SELECT s.contact_id, c.email, s.status, s.reason, s.provider_id, s.recorded_at,
                               g.delivered_at, g.opened_at, g.clicked_at, g.bounced_at, g.complained_at,
                               s.planned_at, s.batch_key,
                               EXISTS (SELECT FROM send_decision d JOIN launch l ON l.id = d.launch_id
                                        WHERE d.workspace_id = :workspace AND d.id = s.again_id
                                          AND l.state <> 'ABANDONED') AS again,
                               CASE s.status WHEN 'UNKNOWN' THEN ARRAY(
                                    SELECT DISTINCT e.type FROM event e
                                     WHERE e.workspace_id = :workspace AND e.contact_id = s.contact_id
                                       AND e.campaign_id + 0 = s.campaign_id
                                     ORDER BY e.type) END AS came_back
                          FROM (SELECT * FROM send
                                 WHERE workspace_id = :workspace AND campaign_id = :campaign
                                   AND contact_id > :after AND %s
                                 ORDER BY contact_id LIMIT :rows) s
                          LEFT JOIN contact c ON c.workspace_id = :workspace AND c.id = s.contact_id
                          LEFT JOIN engagement g ON g.workspace_id = :workspace AND g.campaign_id = :campaign
                                                AND g.contact_id = s.contact_id
                         ORDER BY s.contact_id
                        """
                                .formatted(having(status)))
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .param("after", after)
                .param("rows", rows)
                .query(SendViews::view)
                .list();
    }

    /** A literal and not a parameter, so that the partial index of unsent mails can be used. */
    private static String having(@Nullable SendStatus status) {
        return status == null ? "true" : "status = '" + status.name() + "'";
    }

    private static SendView view(ResultSet row, int number) throws SQLException {
        return new SendView(
                row.getLong("contact_id"),
                row.getString("email"),
                SendStatus.valueOf(row.getString("status")),
                row.getString("reason"),
                row.getString("provider_id"),
                Objects.requireNonNull(instant(row, "recorded_at")),
                instant(row, "delivered_at"),
                instant(row, "opened_at"),
                instant(row, "clicked_at"),
                instant(row, "bounced_at"),
                instant(row, "complained_at"),
                unknown(row));
    }

    private static SendView.@Nullable Unknown unknown(ResultSet row) throws SQLException {
        Array cameBack = row.getArray("came_back");
        return cameBack == null
                ? null
                : new SendView.Unknown(
                        instant(row, "planned_at"),
                        row.getString("batch_key"),
                        row.getBoolean("again"),
                        List.of((String[]) cameBack.getArray()));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
