package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.imports.columns.ColumnStyle;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.files.FileFormat;
import io.mailgenius.jobs.imports.merge.ImportCounts;
import io.mailgenius.jobs.imports.rows.Dialect;
import io.mailgenius.jobs.imports.rows.FileHead;
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

/** Table import. */
final class ImportStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ImportStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** An import as it is stored, with the job that works on it. */
    record Stored(
            long id,
            String fileName,
            String storageKey,
            long bytes,
            byte[] sha256,
            ImportOptions options,
            Layout layout,
            @Nullable FileFormat format,
            long dataBytes,
            ImportStatus status,
            ImportView.Rows rows,
            long rowsAtStart,
            @Nullable String error,
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
    }

    /** What has been taken back. */
    record Undone(ImportStatus status, Map<String, Long> figures, @Nullable Long launchId) {}

    /**
     * What is known of the text's shape when its rows are read.
     *
     * @param styles of the columns, by their numbers; null in imports from before they were kept
     * @param targets what each column becomes; null in imports from before it was kept
     * @param warnings what was said of that
     */
    record Layout(
            char delimiter,
            @Nullable Boolean linePerRecord,
            List<String> header,
            @Nullable Long from,
            long dataLine,
            @Nullable Map<Integer, ColumnStyle> styles,
            @Nullable List<String> targets,
            @Nullable List<String> warnings) {

        static Layout of(FileNormalizer.Taken file) {
            FileHead fileHead = file.opening();
            return new Layout(
                    fileHead.dialect().delimiter(),
                    fileHead.dialect().linePerRecord(),
                    fileHead.names(),
                    null,
                    fileHead.dataLine(),
                    file.styles(),
                    file.mapping().targets(),
                    file.warnings());
        }

        Header header(ImportOptions options) {
            Header read =
                    targets == null
                            ? Header.read(header, options)
                            : Header.of(header, targets, options);
            return read.styled(styles == null ? Map.of() : styles);
        }

        List<String> warningsOrNone() {
            return warnings == null ? List.of() : warnings;
        }

        long dataFrom() {
            return from == null ? 0 : from;
        }

        Dialect dialect() {
            return new Dialect(delimiter, Boolean.TRUE.equals(linePerRecord));
        }
    }

    long insert(String fileName, FileNormalizer.Taken file, ImportOptions options) {
        return jdbc.sql(
                        """
                        INSERT INTO import (workspace_id, file_name, storage_key, bytes, sha256, options, columns,
                                            data_from, data_bytes, format)
                        VALUES (:workspace, :name, :key, :bytes, :sha256, :options::jsonb, :layout::jsonb, :from,
                                :dataBytes, :format::jsonb)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("name", fileName)
                .param("key", file.text().key())
                .param("bytes", file.original().bytes())
                .param("sha256", file.original().sha256())
                .param("options", json.writeValueAsString(options))
                .param("layout", json.writeValueAsString(Layout.of(file)))
                .param("from", file.opening().dataFrom())
                .param("dataBytes", file.text().bytes() - file.opening().dataFrom())
                .param("format", json.writeValueAsString(file.format()))
                .query((row, n) -> row.getLong(1))
                .single();
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
                           SET status = 'RUNNING', error = NULL, finished_at = NULL, started_at = :now,
                               rows_at_start = rows_read
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

    /** What a dry run has met is of no use behind its end. */
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

    /** Held until the transaction ends, so that of two who want to change its fate one waits. */
    Optional<Stored> findForUpdate(long id) {
        jdbc.sql("SELECT id FROM import WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query((row, n) -> row.getLong(1))
                .optional();
        return find(id);
    }

    /** What comes next, a segment or a send, is planned by what the table holds now. */
    void refreshStatistics() {
        for (String loaded : List.of("contact", "list_member")) {
            jdbc.sql("SELECT refresh_statistics(:loaded)")
                    .param("loaded", loaded)
                    .query((row, n) -> loaded)
                    .list();
        }
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        Layout stored = json.readValue(row.getString("columns"), Layout.class);
        Layout layout =
                new Layout(
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
