package io.mailgenius.engine.progress;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Maps rows to records. */
final class ProgressRows {

    private ProgressRows() {}

    static JobView job(ResultSet row, int number) throws SQLException {
        return new JobView(
                row.getLong("id"),
                row.getObject("job_execution_id", Long.class),
                row.getString("job_name"),
                row.getString("job_key"),
                row.getBoolean("housekeeping"),
                Priority.valueOf(row.getString("priority")),
                LaunchState.valueOf(row.getString("state")),
                alias(row.getString("owner")),
                row.getLong("chunks"),
                row.getLong("done"),
                row.getLong("failed"),
                row.getLong("in_flight"),
                row.getString("error"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"));
    }

    /** Jobs are shown to workspaces, which see no host and process of a node. */
    static @Nullable String alias(@Nullable String node) {
        return node == null ? null : NodeId.alias(node);
    }

    static RestartPreview restartPreview(ResultSet row, int number) throws SQLException {
        return new RestartPreview(
                row.getLong("id"),
                row.getLong("job_instance_id"),
                RestartPreview.possible(LaunchState.valueOf(row.getString("state"))),
                row.getLong("to_do"),
                row.getLong("to_redo"),
                row.getLong("failed"),
                row.getLong("in_flight"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
