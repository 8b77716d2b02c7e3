package io.mailgenius.jobs.privacy;

import io.mailgenius.engine.launching.EndedJob;
import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedJobs;
import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.OwnStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.jobs.imports.UploadedFiles;
import io.mailgenius.schema.ImportStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The job {@value #NAME}: first the uploaded files that have one of the addresses, then the tables,
 * a few addresses at a time. Each part can be repeated.
 */
@Configuration(proxyBeanMethods = false)
class ErasureJob {

    static final String NAME = "contact-erasure";
    private static final String STEP = "erasure.addresses";
    private static final int ADDRESSES_A_CHUNK = 50;

    @Bean
    FilesOfErasure filesOfErasure(
            ErasureStore erasures, UploadedFiles files, TransactionTemplate transaction) {
        return new FilesOfErasure(erasures, files, transaction);
    }

    @Bean
    AddressSlices addressSlices(ErasureStore erasures) {
        return new AddressSlices(erasures);
    }

    @Bean
    EraseAddresses eraseAddresses(ErasureStore erasures, JdbcClient jdbc) {
        return new EraseAddresses(erasures, new Eraser(jdbc));
    }

    @Bean
    Job contactErasure(
            ChunkedJobs jobs,
            FilesOfErasure files,
            AddressSlices slices,
            ErasureStore erasures,
            Clock clock) {
        return jobs.job(NAME)
                .first(files)
                .step(slices)
                .whenStarted(p -> erasures.status(erasureId(p), ImportStatus.RUNNING))
                .whenEnded(ended -> ended(ended, erasures, clock))
                .build();
    }

    private static void ended(EndedJob ended, ErasureStore erasures, Clock clock) {
        long id = erasureId(ended.parameters());
        ChunkCounts counts = ended.tally(STEP).counts();
        switch (ended.state()) {
            case COMPLETED ->
                    erasures.completed(
                            id,
                            counts.get(Eraser.CONTACTS),
                            counts.get(Eraser.RECORDS),
                            clock.instant());
            case STOPPED -> erasures.status(id, ImportStatus.STOPPED);
            case FAILED, ABANDONED, QUEUED, RUNNING, STOPPING ->
                    erasures.status(id, ImportStatus.FAILED);
        }
    }

    static long erasureId(JobParameters parameters) {
        return Long.parseLong(Objects.requireNonNull(parameters.getString("erasureId")));
    }

    /** A range of the erasure's addresses; the addresses themselves are not in the ledger. */
    record AddressRange(long erasureId, int from, int to) {}

    static final class FilesOfErasure implements OwnStep {

        private final ErasureStore erasures;
        private final UploadedFiles files;
        private final TransactionTemplate transaction;

        FilesOfErasure(
                ErasureStore erasures, UploadedFiles files, TransactionTemplate transaction) {
            this.erasures = erasures;
            this.files = files;
            this.transaction = transaction;
        }

        @Override
        public String name() {
            return "erasure.files";
        }

        @Override
        public void run(JobParameters parameters, StopCheck stop) throws Exception {
            long id = erasureId(parameters);
            List<String> emails =
                    Objects.requireNonNull(transaction.execute(_ -> erasures.emails(id)));
            int deleted = files.deleteThoseWith(new HashSet<>(emails), stop);
            transaction.executeWithoutResult(_ -> erasures.files(id, deleted));
        }
    }

    /** The manager's half. */
    static final class AddressSlices implements ChunkedStep<AddressRange> {

        private final ErasureStore erasures;

        AddressSlices(ErasureStore erasures) {
            this.erasures = erasures;
        }

        @Override
        public String name() {
            return STEP;
        }

        @Override
        public List<?> partitions(JobParameters parameters) {
            return List.of(erasureId(parameters));
        }

        @Override
        public ItemStreamReader<AddressRange> chunks(
                JobParameters parameters, Partition partition) {
            return new Ranges(erasures, partition.as(Long.class));
        }

        @Override
        public long items(AddressRange range) {
            return range.to() - range.from();
        }
    }

    private static final class Ranges implements ItemStreamReader<AddressRange> {

        private static final String FROM = "erasure.from";

        private final ErasureStore erasures;
        private final long id;
        private int from;

        Ranges(ErasureStore erasures, long id) {
            this.erasures = erasures;
            this.id = id;
        }

        @Override
        public void open(ExecutionContext context) {
            from = context.getInt(FROM, 0);
        }

        @Override
        public @Nullable AddressRange read() {
            int addresses = erasures.emails(id).size();
            if (from >= addresses) {
                return null;
            }
            AddressRange range =
                    new AddressRange(id, from, Math.min(addresses, from + ADDRESSES_A_CHUNK));
            from = range.to();
            return range;
        }

        @Override
        public void update(ExecutionContext context) {
            context.putInt(FROM, from);
        }
    }

    /** The worker's half. */
    static final class EraseAddresses implements ChunkWork {

        private final ErasureStore erasures;
        private final Eraser eraser;

        EraseAddresses(ErasureStore erasures, Eraser eraser) {
            this.erasures = erasures;
            this.eraser = eraser;
        }

        @Override
        public String step() {
            return STEP;
        }

        /** Rejects and proofs of consent have no index of addresses. */
        @Override
        public Duration statementLimit() {
            return Duration.ofMinutes(2);
        }

        @Override
        public ChunkDone work(Assignment chunk) {
            AddressRange range = chunk.payload(AddressRange.class);
            return chunk.complete(
                    () ->
                            eraser.erase(
                                    erasures.emails(range.erasureId())
                                            .subList(range.from(), range.to())));
        }
    }
}
