package io.mailgenius.jobs.offboarding;

import io.mailgenius.schema.ImportStatus;
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

/** Table workspace_export, and the launches of exports and deletions. */
@Component
final class ExportStore {

    private final JdbcClient jdbc;

    ExportStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<WorkspaceExport> find(long id) {
        return jdbc.sql(
                        "SELECT * FROM workspace_export WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(ExportStore::export)
                .optional();
    }

    List<WorkspaceExport> page(long before, int rows) {
        return jdbc.sql(
                        """
                        SELECT * FROM workspace_export
                         WHERE workspace_id = :workspace AND id < :before ORDER BY id DESC LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("before", before == 0 ? Long.MAX_VALUE : before)
                .param("rows", rows)
                .query(ExportStore::export)
                .list();
    }

    List<Long> unlaunched() {
        return jdbc.sql(
                        """
                        SELECT id FROM workspace_export
                         WHERE workspace_id = :workspace AND launch_id IS NULL AND status = 'PENDING'
                         ORDER BY id FOR UPDATE SKIP LOCKED
                        """)
                .param("workspace", WorkspaceScope.required())
                .query((row, _) -> row.getLong(1))
                .list();
    }

    void launched(long id, long launchId) {
        jdbc.sql(
                        """
                        UPDATE workspace_export SET launch_id = :launch
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("launch", launchId)
                .param("id", id)
                .update();
    }

    void status(long id, ImportStatus status) {
        jdbc.sql(
                        """
                        UPDATE workspace_export SET status = :status
                         WHERE workspace_id = :workspace AND id = :id AND status <> 'COMPLETED'
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("status", status.name())
                .param("id", id)
                .update();
    }

    void completed(WorkspaceExport done) {
        jdbc.sql(
                        """
                        UPDATE workspace_export
                           SET status = 'COMPLETED', tables = :tables, rows = :rows, bytes = :bytes,
                               finished_at = :finished, expires_at = :expires
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("tables", done.tables())
                .param("rows", done.rows())
                .param("bytes", done.bytes())
                .param("finished", utc(done.finishedAt()))
                .param("expires", utc(done.expiresAt()))
                .param("workspace", WorkspaceScope.required())
                .param("id", done.id())
                .update();
    }

    List<Long> expired(Instant now) {
        return jdbc.sql(
                        """
                        SELECT id FROM workspace_export
                         WHERE workspace_id = :workspace AND expires_at <= :now ORDER BY id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("now", utc(now))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    void delete(long id) {
        jdbc.sql("DELETE FROM workspace_export WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
    }

    /** Whether the deletion of the current workspace is asked for and not launched; locks it. */
    boolean deletionUnlaunched() {
        return jdbc.sql(
                        """
                        SELECT id FROM workspace
                         WHERE id = :workspace AND deleting_at IS NOT NULL AND deletion_launch_id IS NULL
                           FOR UPDATE
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(Long.class)
                .optional()
                .isPresent();
    }

    void deletionLaunched(long launchId) {
        jdbc.sql("UPDATE workspace SET deletion_launch_id = :launch WHERE id = :workspace")
                .param("launch", launchId)
                .param("workspace", WorkspaceScope.required())
                .update();
    }

    /** A workspace that is being deleted, or has asked for an export. */
    record Leaving(long workspaceId, boolean deletion, @Nullable Long launchId) {}

    List<Leaving> leaving() {
        return jdbc.sql("SELECT workspace_id, deletion, launch_id FROM workspaces_leaving()")
                .query(
                        (row, _) ->
                                new Leaving(
                                        row.getLong("workspace_id"),
                                        row.getBoolean("deletion"),
                                        row.getObject("launch_id", Long.class)))
                .list();
    }

    boolean remove(long workspaceId) {
        return jdbc.sql("SELECT remove_workspace(:workspace)")
                .param("workspace", workspaceId)
                .query(Boolean.class)
                .single();
    }

    /** Keys of uploaded files from this import on. */
    List<Upload> uploads(long after, int rows) {
        return jdbc.sql(
                        """
                        SELECT id, storage_key FROM import
                         WHERE workspace_id = :workspace AND id > :after ORDER BY id LIMIT :rows
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("after", after)
                .param("rows", rows)
                .query((row, _) -> new Upload(row.getLong(1), row.getString(2)))
                .list();
    }

    record Upload(long importId, String key) {}

    private static @Nullable OffsetDateTime utc(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    private static WorkspaceExport export(ResultSet row, int number) throws SQLException {
        return new WorkspaceExport(
                row.getLong("id"),
                ImportStatus.valueOf(row.getString("status")),
                row.getInt("tables"),
                row.getLong("rows"),
                row.getLong("bytes"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "finished_at"),
                instant(row, "expires_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
