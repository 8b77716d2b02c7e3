package io.mailgenius.jobs.offboarding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The job {@value #NAME}: each table becomes a file with a JSON object per row, and then the files
 * become one ZIP. A file has its name when it is whole, so each part can be repeated.
 */
@Configuration(proxyBeanMethods = false)
class ExportJob {

    static final String NAME = "workspace-export";
    static final String ARCHIVE = "archive.zip";

    /** Steps with this beginning run although the workspace is suspended. */
    private static final String TABLES = "workspace.export";

    private static final String PACKING = "workspace.archive";

    private static final String PART = ".jsonl.gz";

    /** Long enough to be fetched, and no longer. */
    static final Duration KEPT = Duration.ofDays(7);

    @Bean
    Job workspaceExport(
            ChunkedJobs jobs,
            WorkspaceTables tables,
            ExportStore exports,
            ExportFolder folder,
            Clock clock) {
        return jobs.job(NAME)
                .step(new TableNames(TABLES, tables::exported, ExportJob::exportId))
                .step(new TableNames(PACKING, () -> List.of(ARCHIVE), ExportJob::exportId))
                .whenStarted(p -> exports.status(exportId(p), ImportStatus.RUNNING))
                .whenEnded(ended -> ended(ended, exports, folder, clock.instant()))
                .build();
    }

    @Bean
    ChunkWork exportRows(
            WorkspaceTables tables,
            ExportFolder folder,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        return new ExportRows(tables, folder, jdbc, transactions);
    }

    @Bean
    ChunkWork packArchive(ExportFolder folder) {
        return new PackArchive(folder);
    }

    static long exportId(JobParameters parameters) {
        return Long.parseLong(Objects.requireNonNull(parameters.getString("exportId")));
    }

    private static void ended(
            EndedJob ended, ExportStore exports, ExportFolder folder, Instant now) {
        long id = exportId(ended.parameters());
        switch (ended.state()) {
            case COMPLETED -> {
                ChunkCounts counts = ended.tally(TABLES).counts();
                exports.completed(
                        new WorkspaceExport(
                                id,
                                ImportStatus.COMPLETED,
                                (int) counts.get("tables"),
                                counts.get("rows"),
                                ended.tally(PACKING).counts().get("bytes"),
                                now,
                                now,
                                now.plus(KEPT)));
                folder.deleteOthers(id, ARCHIVE);
            }
            case STOPPED -> exports.status(id, ImportStatus.STOPPED);
            case FAILED, ABANDONED, QUEUED, RUNNING, STOPPING ->
                    exports.status(id, ImportStatus.FAILED);
        }
    }

    /** The worker's half of the tables. */
    private static final class ExportRows implements ChunkWork {

        private static final int FETCHED = 1_000;

        private final WorkspaceTables tables;
        private final ExportFolder folder;
        private final JdbcClient jdbc;
        private final TransactionTemplate reading;

        private ExportRows(
                WorkspaceTables tables,
                ExportFolder folder,
                JdbcClient jdbc,
                PlatformTransactionManager transactions) {
            this.tables = tables;
            this.folder = folder;
            this.jdbc = jdbc;
            this.reading = new TransactionTemplate(transactions);
            this.reading.setReadOnly(true);
        }

        @Override
        public String step() {
            return TABLES;
        }

        /** The first row of a table may lie behind millions of others. */
        @Override
        public Duration statementLimit() {
            return Duration.ofMinutes(10);
        }

        @Override
        public ChunkDone work(Assignment chunk) throws IOException {
            TableNames.OfTable of = chunk.payload(TableNames.OfTable.class);
            String name = of.table() + PART;
            Path written = folder.attempt(of.exportId(), name, chunk.attempt());
            long rows;
            try (Writer out =
                    new BufferedWriter(
                            new OutputStreamWriter(
                                    new GZIPOutputStream(Files.newOutputStream(written)), UTF_8))) {
                rows = Objects.requireNonNull(reading.execute(_ -> write(of.table(), out, chunk)));
            }
            folder.complete(of.exportId(), name, written);
            return chunk.complete(new ChunkCounts(Map.of("tables", 1L, "rows", rows)));
        }

        private long write(String table, Writer out, Assignment chunk) {
            long[] rows = {0};
            jdbc.sql(
                            "SELECT to_jsonb(r)::text FROM (SELECT %s FROM %s WHERE workspace_id = :workspace) r"
                                    .formatted(tables.columns(table), table))
                    .param("workspace", WorkspaceScope.required())
                    .withFetchSize(FETCHED)
                    .query(
                            row -> {
                                try {
                                    out.write(row.getString(1));
                                    out.write('\n');
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                                if (++rows[0] % FETCHED == 0) {
                                    chunk.requireHeld();
                                }
                            });
            return rows[0];
        }
    }

    /** The worker's half of the archive. */
    private static final class PackArchive implements ChunkWork {

        private final ExportFolder folder;

        private PackArchive(ExportFolder folder) {
            this.folder = folder;
        }

        @Override
        public String step() {
            return PACKING;
        }

        @Override
        public ChunkDone work(Assignment chunk) throws IOException {
            long id = chunk.payload(TableNames.OfTable.class).exportId();
            Path written = folder.attempt(id, ARCHIVE, chunk.attempt());
            try (OutputStream file = Files.newOutputStream(written);
                    ZipOutputStream zip = new ZipOutputStream(file, UTF_8)) {
                for (Path part : folder.files(id, PART)) {
                    chunk.requireHeld();
                    String name = part.getFileName().toString();
                    zip.putNextEntry(
                            new ZipEntry(name.substring(0, name.length() - ".gz".length())));
                    try (InputStream in = new GZIPInputStream(Files.newInputStream(part))) {
                        in.transferTo(zip);
                    }
                    zip.closeEntry();
                }
            }
            folder.complete(id, ARCHIVE, written);
            return chunk.complete(
                    new ChunkCounts(Map.of("bytes", Files.size(folder.file(id, ARCHIVE)))));
        }
    }
}
