package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.files.FileFormat;
import io.mailgenius.jobs.imports.merge.ImportCounts;
import io.mailgenius.jobs.imports.storage.FileStorage.Kept;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code import}. */
final class ImportStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ImportStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * A stored import with its job.
     *
     * @param storageKey of the text that the job reads, or of the uploaded file until the text
     *     exists
     * @param sha256 of the file; null until it is prepared
     * @param problem the code of the reason why the file was refused; {@code error} is its text
     */
    record Stored(
            long id,
            String fileName,
            String storageKey,
            long bytes,
            byte @Nullable [] sha256,
            ImportOptions options,
            TextLayout layout,
            @Nullable FileFormat format,
            long dataBytes,
            ImportStatus status,
            ImportView.Rows rows,
            long rowsAtStart,
            @Nullable String error,
            @Nullable String problem,
            @Nullable Long launchId,
            @Nullable Long jobInstanceId,
            @Nullable Long jobExecutionId,
            @Nullable Undone undo,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {

        long dataFrom() {
            return layout.dataFrom();
        }

        /** Whether the text exists and its columns are decided. */
        boolean isPrepared() {
            return sha256 != null;
        }
    }

    /** The state of an undo. */
    record Undone(ImportStatus status, Map<String, Long> figures, @Nullable Long launchId) {}

    /** Inserts an import whose file is stored but not examined. */
    long insert(String fileName, Kept file, ImportOptions options) {
        return jdbc.sql(
                        """
                        INSERT INTO import (workspace_id, file_name, storage_key, bytes, options, columns)
                        VALUES (:workspace, :name, :key, :bytes, :options::jsonb, :layout::jsonb)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("name", fileName)
                .param("key", file.key())
                .param("bytes", file.bytes())
                .param("options", json.writeValueAsString(options))
                .param("layout", json.writeValueAsString(TextLayout.UNKNOWN))
                .query((row, n) -> row.getLong(1))
                .single();
    }

    /**
     * Records the text and what is known about it.
     *
     * @return false if another node was faster; nothing changes then
     */
    boolean prepared(long id, FileNormalizer.Taken file) {
        return jdbc.sql(
                                """
                                UPDATE import
                                   SET storage_key = :key, sha256 = :sha256, columns = :layout::jsonb,
                                       data_from = :from, data_bytes = :dataBytes, format = :format::jsonb
                                 WHERE id = :id AND sha256 IS NULL AND problem IS NULL
                                """)
                        .param("key", file.text().key())
                        .param("sha256", file.original().sha256())
                        .param("layout", json.writeValueAsString(TextLayout.of(file)))
                        .param("from", file.opening().dataFrom())
                        .param("dataBytes", file.text().bytes() - file.opening().dataFrom())
                        .param("format", json.writeValueAsString(file.format()))
                        .param("id", id)
                        .update()
                > 0;
    }

    /**
     * Records that the file cannot be imported with these options.
     *
     * @return false if another node was faster
     */
    boolean refused(long id, Refusal.Invalid refusal) {
        return jdbc.sql(
                                """
                                UPDATE import SET problem = :problem, error = :error
                                 WHERE id = :id AND sha256 IS NULL AND problem IS NULL
                                """)
                        .param("problem", refusal.problem())
                        .param("error", refusal.getMessage())
                        .param("id", id)
                        .update()
                > 0;
    }

    /** The latest import of a file with the same bytes, before the given one; 0 for any. */
    Optional<Long> sameFile(byte[] sha256, long before) {
        return jdbc.sql(
                        """
                        SELECT max(id) FROM import
                         WHERE workspace_id = :workspace AND sha256 = :sha256 AND (:before = 0 OR id < :before)
                           AND NOT coalesce((options ->> 'dryRun')::boolean, false)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("sha256", sha256)
                .param("before", before)
                .query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
                .single();
    }

    void launched(long id, long launchId) {
        jdbc.sql("UPDATE import SET launch_id = :launch WHERE id = :id")
                .param("launch", launchId)
                .param("id", id)
                .update();
    }

    Optional<Stored> find(long id) {
        return jdbc.sql(
                        """
                        SELECT i.*, l.job_instance_id, l.job_execution_id
                          FROM import i LEFT JOIN launch l ON l.id = i.launch_id
                         WHERE i.id = :id
                        """)
                .param("id", id)
                .query(this::stored)
                .optional();
    }

    /** Newest first; {@code before} 0 begins with the newest. */
    List<Stored> page(long before, int rows) {
        return jdbc.sql(
                        """
                        SELECT i.*, l.job_instance_id, l.job_execution_id
                          FROM import i LEFT JOIN launch l ON l.id = i.launch_id
                         WHERE i.id < :before
                         ORDER BY i.id DESC LIMIT :rows
                        """)
                .param("before", before == 0 ? Long.MAX_VALUE : before)
                .param("rows", rows)
                .query(this::stored)
                .list();
    }

    void running(long id, Instant now) {
        jdbc.sql(
                        """
                        UPDATE import
                           SET status = 'RUNNING', finished_at = NULL, started_at = :now,
                               rows_at_start = rows_read,
                               error = CASE WHEN problem IS NOT NULL THEN error END
                         WHERE id = :id
                        """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    void ended(
            long id, ImportStatus status, ChunkCounts counts, @Nullable String error, Instant now) {
        jdbc.sql(
                        """
                        UPDATE import
                           SET status = :status, rows_read = :read, rows_created = :created,
                               rows_updated = :updated, rows_unchanged = :unchanged,
                               rows_duplicate = :duplicate, rows_rejected = :rejected,
                               error = :error, finished_at = :now
                         WHERE id = :id
                        """)
                .params(
                        Map.of(
                                "status", status.name(),
                                "read", counts.get(ImportCounts.READ),
                                "created", counts.get(ImportCounts.CREATED),
                                "updated", counts.get(ImportCounts.UPDATED),
                                "unchanged", counts.get(ImportCounts.UNCHANGED),
                                "duplicate", counts.get(ImportCounts.DUPLICATE),
                                "rejected", counts.get(ImportCounts.REJECTED),
                                "now", now.atOffset(ZoneOffset.UTC),
                                "id", id))
                .param("error", error)
                .update();
    }

    /** Deletes the data of a dry run, which is not needed after its end. */
    void forgetTrial(long id) {
        jdbc.sql("DELETE FROM import_trial WHERE workspace_id = :workspace AND import_id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
    }

    void undoLaunched(long id, long launchId) {
        jdbc.sql(
                        """
                        UPDATE import SET undo_status = 'PENDING', undo_launch_id = :launch, undo_figures = NULL
                         WHERE id = :id
                        """)
                .param("launch", launchId)
                .param("id", id)
                .update();
    }

    void undoing(long id) {
        jdbc.sql("UPDATE import SET undo_status = 'RUNNING' WHERE id = :id")
                .param("id", id)
                .update();
    }

    void undone(long id, ImportStatus status, ChunkCounts counts) {
        jdbc.sql(
                        """
                        UPDATE import SET undo_status = :status, undo_figures = :figures::jsonb WHERE id = :id
                        """)
                .param("status", status.name())
                .param("figures", json.writeValueAsString(counts.values()))
                .param("id", id)
                .update();
    }

    /**
     * Locks the row until the end of the transaction, so that concurrent changes of its state wait
     * for each other.
     */
    Optional<Stored> findForUpdate(long id) {
        jdbc.sql("SELECT id FROM import WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query((row, n) -> row.getLong(1))
                .optional();
        return find(id);
    }

    /** Later queries, for a segment or a send, are planned by the current contents of the table. */
    void refreshStatistics() {
        for (String loaded : List.of("contact", "list_member")) {
            jdbc.sql("SELECT refresh_statistics(:loaded)")
                    .param("loaded", loaded)
                    .query((row, n) -> loaded)
                    .list();
        }
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        TextLayout stored = json.readValue(row.getString("columns"), TextLayout.class);
        TextLayout layout =
                new TextLayout(
                        stored.delimiter(),
                        stored.linePerRecord(),
                        stored.header(),
                        row.getLong("data_from"),
                        stored.dataLine(),
                        stored.styles(),
                        stored.targets(),
                        stored.warnings());
        long bytes = row.getLong("bytes");
        Long dataBytes = row.getObject("data_bytes", Long.class);
        String format = row.getString("format");
        return new Stored(
                row.getLong("id"),
                row.getString("file_name"),
                row.getString("storage_key"),
                bytes,
                row.getBytes("sha256"),
                json.readValue(row.getString("options"), ImportOptions.class),
                layout,
                format == null ? null : json.readValue(format, FileFormat.class),
                dataBytes == null ? bytes - layout.dataFrom() : dataBytes,
                ImportStatus.valueOf(row.getString("status")),
                new ImportView.Rows(
                        row.getLong("rows_read"),
                        row.getLong("rows_created"),
                        row.getLong("rows_updated"),
                        row.getLong("rows_unchanged"),
                        row.getLong("rows_duplicate"),
                        row.getLong("rows_rejected")),
                row.getLong("rows_at_start"),
                row.getString("error"),
                row.getString("problem"),
                row.getObject("launch_id", Long.class),
                row.getObject("job_instance_id", Long.class),
                row.getObject("job_execution_id", Long.class),
                undo(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"));
    }

    private @Nullable Undone undo(ResultSet row) throws SQLException {
        String status = row.getString("undo_status");
        if (status == null) {
            return null;
        }
        String figures = row.getString("undo_figures");
        return new Undone(
                ImportStatus.valueOf(status),
                figures == null
                        ? Map.of()
                        : json.readValue(figures, new TypeReference<Map<String, Long>>() {}),
                row.getObject("undo_launch_id", Long.class));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
