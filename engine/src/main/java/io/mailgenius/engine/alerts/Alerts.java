package io.mailgenius.engine.alerts;

import io.mailgenius.schema.AlertState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The alerts and silences of a workspace. */
@Transactional
public class Alerts {

    private final JdbcClient jdbc;
    private final Clock clock;

    Alerts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Alerts, the newest first.
     *
     * @param before only those with a smaller id
     */
    public List<Alert> page(
            long workspaceId, Collection<AlertState> states, long before, int rows) {
        return jdbc.sql(
                        """
                        SELECT * FROM alert
                         WHERE workspace_id = :workspace AND id < :before AND state = ANY (:states)
                         ORDER BY id DESC LIMIT :rows
                        """)
                .param("workspace", workspaceId)
                .param("before", before)
                .param("states", states.stream().map(Enum::name).toArray(String[]::new))
                .param("rows", rows)
                .query(Alert::of)
                .list();
    }

    public Optional<Alert> find(long workspaceId, long id) {
        return jdbc.sql("SELECT * FROM alert WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", workspaceId)
                .param("id", id)
                .query(Alert::of)
                .optional();
    }

    /**
     * Records that somebody takes care of it; repeating it changes nothing.
     *
     * @return empty if it is not OPEN or ACKNOWLEDGED
     */
    public Optional<Alert> acknowledge(long workspaceId, long id, String by) {
        return jdbc.sql(
                        """
                        UPDATE alert
                           SET state = 'ACKNOWLEDGED', acknowledged_at = coalesce(acknowledged_at, :now),
                               acknowledged_by = coalesce(acknowledged_by, :by)
                         WHERE workspace_id = :workspace AND id = :id AND state IN ('OPEN', 'ACKNOWLEDGED')
                        RETURNING *
                        """)
                .param("now", at(clock.instant()))
                .param("by", by)
                .param("workspace", workspaceId)
                .param("id", id)
                .query(Alert::of)
                .optional();
    }

    /** Those that have not ended. */
    public List<Silence> silences(long workspaceId) {
        return jdbc.sql(
                        """
                        SELECT * FROM alert_silence
                         WHERE workspace_id = :workspace AND ends_at > :now ORDER BY id
                        """)
                .param("workspace", workspaceId)
                .param("now", at(clock.instant()))
                .query(Alerts::silence)
                .list();
    }

    public Silence silence(Silence silence) {
        return jdbc.sql(
                        """
                        INSERT INTO alert_silence (workspace_id, rule_id, subject, reason, starts_at, ends_at, created_by)
                        VALUES (:workspace, :rule, :subject, :reason, :starts, :ends, :by)
                        RETURNING *
                        """)
                .param("workspace", silence.workspaceId())
                .param("rule", silence.ruleId())
                .param("subject", silence.subject())
                .param("reason", silence.reason())
                .param("starts", at(silence.startsAt()))
                .param("ends", at(silence.endsAt()))
                .param("by", silence.createdBy())
                .query(Alerts::silence)
                .single();
    }

    public boolean endSilence(long workspaceId, long id) {
        return jdbc.sql("DELETE FROM alert_silence WHERE workspace_id = :workspace AND id = :id")
                        .param("workspace", workspaceId)
                        .param("id", id)
                        .update()
                == 1;
    }

    static Silence silence(ResultSet row, int number) throws SQLException {
        return new Silence(
                row.getLong("workspace_id"),
                row.getLong("id"),
                row.getObject("rule_id", Long.class),
                row.getString("subject"),
                row.getString("reason"),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }

    static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
