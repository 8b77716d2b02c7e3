package io.mailgenius.engine.partitioning;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * The manager's half of a heavy step: into which partitions it falls, and which chunks a partition
 * has. The other half is the {@link io.mailgenius.engine.worker.ChunkWork} of the same name.
 *
 * @param <P> the payload of a chunk: a small description such as a range, written as JSON
 */
public interface ChunkedStep<P> {

    /** Unique over all jobs, for instance {@code import.rows}. */
    String name();

    /**
     * Descriptions of the partitions, to be written as JSON: few and large, at least one. Called in
     * a transaction of the job's workspace, and again on a restart, which then uses the first
     * answer.
     */
    List<?> partitions(JobParameters parameters);

    /**
     * Enumerates the chunks of a partition. {@code read} is called in a transaction of the job's
     * workspace, the other methods are not. Its state goes into the {@code ExecutionContext}, in
     * the same transaction as the chunks, and a restart goes on from there.
     */
    ItemStreamReader<P> chunks(JobParameters parameters, Partition partition);

    /**
     * From when on a chunk may be worked off: it lies in the ledger until then. Null for at once.
     */
    default @Nullable Instant notBefore(P payload) {
        return null;
    }

    /** How much work a chunk is, in a unit of the step's own: what its progress is measured in. */
    default long items(P payload) {
        return 1;
    }
}
