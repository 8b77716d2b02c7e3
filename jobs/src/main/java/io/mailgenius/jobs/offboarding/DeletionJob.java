package io.mailgenius.jobs.offboarding;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.OwnStep;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.imports.storage.FileStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The job {@value #NAME}: first the files of the workspace, then the rows of each table, ten
 * thousand in a transaction. Each part can be repeated. {@link Offboarding} removes what the job
 * itself needs when it is over.
 */
@Configuration(proxyBeanMethods = false)
class DeletionJob {

    static final String NAME = "workspace-deletion";

    /** Steps with this beginning run although the workspace is suspended. */
    private static final String STEP = "workspace.delete";

    private static final int ROWS = 10_000;

    @Bean
    Job workspaceDeletion(
            ChunkedJobs jobs,
            WorkspaceTables tables,
            ExportStore store,
            ExportFolder exports,
            FileStorage files,
            TransactionTemplate transaction) {
        return jobs.job(NAME)
                .first(new FilesOfWorkspace(store, exports, files, transaction))
                .step(new TableNames(STEP, tables::deleted, _ -> 0))
                .build();
    }

    @Bean
    ChunkWork deleteRows(WorkspaceTables tables, TransactionTemplate transaction) {
        return new DeleteRows(tables, transaction);
    }

    private static final class FilesOfWorkspace implements OwnStep {

        private static final int AT_ONCE = 500;

        private final ExportStore store;
        private final ExportFolder exports;
        private final FileStorage files;
        private final TransactionTemplate transaction;

        private FilesOfWorkspace(
                ExportStore store,
                ExportFolder exports,
                FileStorage files,
                TransactionTemplate transaction) {
            this.store = store;
            this.exports = exports;
            this.files = files;
            this.transaction = transaction;
        }

        @Override
        public String name() {
            return "workspace.files";
        }

        @Override
        public void run(JobParameters parameters, StopCheck stop) {
            exports.deleteAll();
            List<ExportStore.Upload> some = uploads(0);
            while (!some.isEmpty()) {
                for (ExportStore.Upload upload : some) {
                    stop.check();
                    files.delete(upload.key());
                }
                some = uploads(some.getLast().importId());
            }
        }

        private List<ExportStore.Upload> uploads(long after) {
            return Objects.requireNonNull(transaction.execute(_ -> store.uploads(after, AT_ONCE)));
        }
    }

    /** The worker's half. */
    private static final class DeleteRows implements ChunkWork {

        private static final Duration UNTIL_OTHERS_END = Duration.ofSeconds(2);

        private final WorkspaceTables tables;
        private final TransactionTemplate transaction;

        private DeleteRows(WorkspaceTables tables, TransactionTemplate transaction) {
            this.tables = tables;
            this.transaction = transaction;
        }

        @Override
        public String step() {
            return STEP;
        }

        /** A table may have millions of rows of others between those of the workspace. */
        @Override
        public Duration statementLimit() {
            return Duration.ofMinutes(10);
        }

        @Override
        public ChunkDone work(Assignment chunk) {
            TableNames.OfTable of = chunk.payload(TableNames.OfTable.class);
            boolean othersRun =
                    Boolean.TRUE.equals(
                            transaction.execute(_ -> tables.othersRun(chunk.jobInstanceId())));
            if (othersRun) {
                throw new Deferred(UNTIL_OTHERS_END, "other jobs of the workspace are stopping");
            }
            long rows = 0;
            List<String> concerned =
                    Objects.requireNonNull(
                            transaction.execute(_ -> tables.withReferring(of.table())));
            for (String table : concerned) {
                long deleted = ROWS;
                while (deleted > 0) {
                    chunk.requireHeld();
                    deleted =
                            Objects.requireNonNull(
                                    transaction.execute(_ -> tables.delete(table, ROWS)));
                    rows += deleted;
                }
            }
            return chunk.complete(new ChunkCounts(Map.of("rows", rows)));
        }
    }
}
