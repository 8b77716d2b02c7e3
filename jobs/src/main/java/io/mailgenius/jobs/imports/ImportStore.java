package io.mailgenius.jobs.imports;

import io.mailgenius.engine.ledger.Counts;
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
            ImportOptions options,
            Layout layout,
            long dataFrom,
            ImportStatus status,
            ImportView.Rows rows,
            @Nullable String error,
            @Nullable Long jobInstanceId,
            @Nullable Long jobExecutionId,
            Instant createdAt,
            @Nullable Instant finishedAt) {}

    /** What is known of the file's shape when its rows are read. */
    record Layout(char delimiter, List<String> header, long dataLine) {

        Dialect dialect() {
            return new Dialect(delimiter);
        }
    }

    long insert(String fileName, FileStorage.Stored file, ImportOptions options, Opening opening) {
        return jdbc.sql(
                        """
                        INSERT INTO import (workspace_id, file_name, storage_key, bytes, sha256, options, columns,
                                            data_from)
                        VALUES (:workspace, :name, :key, :bytes, :sha256, :options::jsonb, :layout::jsonb, :from)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("name", fileName)
                .param("key", file.key())
                .param("bytes", file.bytes())
                .param("sha256", file.sha256())
                .param("options", json.writeValueAsString(options))
                .param(
                        "layout",
                        json.writeValueAsString(
                                new Layout(
                                        opening.dialect().delimiter(),
                                        opening.header().names(),
                                        opening.dataLine())))
                .param("from", opening.dataFrom())
                .query((row, n) -> row.getLong(1))
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
                         WHERE :before = 0 OR i.id < :before
                         ORDER BY i.id DESC LIMIT :rows
                        """)
                .param("before", before)
                .param("rows", rows)
                .query(this::stored)
                .list();
    }

    void running(long id) {
        jdbc.sql("UPDATE import SET status = 'RUNNING', error = NULL WHERE id = :id")
                .param("id", id)
                .update();
    }

    void ended(long id, ImportStatus status, Counts counts, @Nullable String error, Instant now) {
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
        OffsetDateTime finished = row.getObject("finished_at", OffsetDateTime.class);
        return new Stored(
                row.getLong("id"),
                row.getString("file_name"),
                row.getString("storage_key"),
                row.getLong("bytes"),
                json.readValue(row.getString("options"), new TypeReference<ImportOptions>() {}),
                json.readValue(row.getString("columns"), new TypeReference<Layout>() {}),
                row.getLong("data_from"),
                ImportStatus.valueOf(row.getString("status")),
                new ImportView.Rows(
                        row.getLong("rows_read"),
                        row.getLong("rows_created"),
                        row.getLong("rows_updated"),
                        row.getLong("rows_unchanged"),
                        row.getLong("rows_duplicate"),
                        row.getLong("rows_rejected")),
                row.getString("error"),
                row.getObject("job_instance_id", Long.class),
                row.getObject("job_execution_id", Long.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                finished == null ? null : finished.toInstant());
    }
}
