package io.mailgenius.engine.alerts;

import io.mailgenius.schema.AlertState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A rule that is or was broken.
 *
 * @param threshold that of the rule when it was last evaluated
 * @param breachedSince since when the threshold is reached
 * @param clearedSince since when the figure is clearly below it; null while it is not
 * @param notified whether somebody was notified
 */
public record Alert(
        long workspaceId,
        long id,
        long ruleId,
        String kind,
        String subject,
        String message,
        double value,
        double threshold,
        AlertState state,
        Instant breachedSince,
        @Nullable Instant clearedSince,
        @Nullable Instant openedAt,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy,
        @Nullable Instant resolvedAt,
        boolean notified) {

    boolean isOpen() {
        return switch (state) {
            case OPEN, ACKNOWLEDGED -> true;
            case PENDING, RESOLVED -> false;
        };
    }

    static Alert of(ResultSet row, int number) throws SQLException {
        return new Alert(
                row.getLong("workspace_id"),
                row.getLong("id"),
                row.getLong("rule_id"),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("message"),
                row.getDouble("value"),
                row.getDouble("threshold"),
                AlertState.valueOf(row.getString("state")),
                row.getObject("breached_since", OffsetDateTime.class).toInstant(),
                instant(row, "cleared_since"),
                instant(row, "opened_at"),
                instant(row, "acknowledged_at"),
                row.getString("acknowledged_by"),
                instant(row, "resolved_at"),
                row.getBoolean("notified"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
