package io.mailgenius.jobs.imports;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.jobs.imports.merge.ImportCounts;
import io.mailgenius.jobs.imports.rows.Rejects;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.jobs.imports.storage.FolderStorage;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.LaunchState;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.batch.core.job.Job;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ImportJob {

    /** From this number of changed rows on, earlier statistics mislead the planner. */
    static final long MANY = 5_000;

    @Bean
    ImportStore importStore(JdbcClient jdbc, JsonMapper json) {
        return new ImportStore(jdbc, json);
    }

    @Bean
    Rejects importRejects(JdbcClient jdbc) {
        return new Rejects(jdbc);
    }

    @Bean
    FileStorage importFiles(
            @Value("${mailgenius.shared-dir:${mailgenius.data-dir:./data}}") Path sharedDir) {
        return new FolderStorage(sharedDir.resolve("uploads").toAbsolutePath());
    }

    @Bean
    Job importOfContacts(
            ChunkedJobs jobs,
            FilePreparation preparation,
            ImportSlices slices,
            ImportStore imports,
            Clock clock) {
        return jobs.job(Imports.JOB)
                .first(preparation)
                .step(slices)
                .whenStarted(p -> imports.running(ImportSlices.importId(p), clock.instant()))
                .whenEnded(endedJob -> ended(endedJob, imports, clock))
                .build();
    }

    private static void ended(EndedJob endedJob, ImportStore imports, Clock clock) {
        ChunkCounts counts = endedJob.tally(ImportSlices.NAME).counts();
        imports.ended(
                ImportSlices.importId(endedJob.parameters()),
                status(endedJob.state()),
                counts,
                endedJob.error(),
                clock.instant());
        if (endedJob.state() == LaunchState.COMPLETED) {
            imports.forgetTrial(ImportSlices.importId(endedJob.parameters()));
        }
        if (counts.get(ImportCounts.CREATED) + counts.get(ImportCounts.UPDATED) >= MANY) {
            imports.refreshStatistics();
        }
    }

    static ImportStatus status(LaunchState state) {
        return switch (state) {
            case COMPLETED -> ImportStatus.COMPLETED;
            case STOPPED -> ImportStatus.STOPPED;
            case FAILED, ABANDONED, QUEUED, RUNNING, STOPPING -> ImportStatus.FAILED;
        };
    }
}
