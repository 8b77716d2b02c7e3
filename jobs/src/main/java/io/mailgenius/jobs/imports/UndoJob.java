package io.mailgenius.jobs.imports;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.jobs.imports.merge.Undo;
import java.time.Duration;
import java.util.List;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The job {@value #NAME}: undoes an import, one range of contacts at a time. */
@Configuration(proxyBeanMethods = false)
class UndoJob {

    static final String NAME = "import-undo";
    static final String STEP = "import.undo";
    private static final int CONTACTS_A_CHUNK = 10_000;

    @Bean
    UndoRanges undoRanges(JdbcClient jdbc) {
        return new UndoRanges(jdbc);
    }

    @Bean
    UndoWork undoWork(JdbcClient jdbc) {
        return new UndoWork(new Undo(jdbc));
    }

    @Bean
    Job undoOfImport(ChunkedJobs jobs, UndoRanges ranges, ImportStore imports) {
        return jobs.job(NAME)
                .step(ranges)
                .whenStarted(parameters -> imports.undoing(ImportSlices.importId(parameters)))
                .whenEnded(endedJob -> ended(endedJob, imports))
                .build();
    }

    private static void ended(EndedJob endedJob, ImportStore imports) {
        ChunkCounts counts = endedJob.tally(STEP).counts();
        imports.undone(
                ImportSlices.importId(endedJob.parameters()),
                ImportJob.status(endedJob.state()),
                counts);
        if (endedJob.tally(STEP).counts().get(Undo.DELETED) >= ImportJob.MANY) {
            imports.refreshStatistics();
        }
    }

    /**
     * The manager's half. It covers all contacts, because there is no index of contacts by import.
     */
    static final class UndoRanges implements ChunkedStep<Undo.Range> {

        private final JdbcClient jdbc;

        UndoRanges(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @Override
        public String name() {
            return STEP;
        }

        @Override
        public List<?> partitions(JobParameters parameters) {
            return List.of(ImportSlices.importId(parameters));
        }

        @Override
        public ItemStreamReader<Undo.Range> chunks(JobParameters parameters, Partition partition) {
            return new ContactRanges(jdbc, partition.as(Long.class), CONTACTS_A_CHUNK);
        }

        @Override
        public long items(Undo.Range range) {
            return range.contacts();
        }
    }

    /** The worker's part. */
    static final class UndoWork implements ChunkWork {

        private final Undo undo;

        UndoWork(Undo undo) {
            this.undo = undo;
        }

        @Override
        public String step() {
            return STEP;
        }

        /** One statement restores thousands of contacts. */
        @Override
        public Duration statementLimit() {
            return Duration.ofMinutes(2);
        }

        @Override
        public ChunkDone work(Assignment chunk) {
            Undo.Range range = chunk.payload(Undo.Range.class);
            return chunk.complete(() -> undo.takeBack(range));
        }
    }
}
