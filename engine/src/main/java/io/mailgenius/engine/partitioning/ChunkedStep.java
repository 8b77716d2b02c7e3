package io.mailgenius.engine.partitioning;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * The manager's half of a heavy step: its partitions, and the chunks of each. The worker's half is
 * the {@link io.mailgenius.engine.worker.ChunkWork} with the same step name.
 *
 * @param <P> the payload of a chunk: a small description such as a range, stored as JSON
 */
public interface ChunkedStep<P> {

    /** The name of the step, unique over all jobs, for instance {@code import.rows}. */
    String name();

    /**
     * Returns descriptions of the partitions, which are stored as JSON: few and large, at least
     * one. Called in a transaction of the job's workspace. A restart calls it again but uses the
     * result of the first run.
     */
    List<?> partitions(JobParameters parameters);

    /**
     * Enumerates the chunks of a partition. {@code read} is called in a transaction of the job's
     * workspace, the other methods are not. The state of the reader is stored in the {@code
     * ExecutionContext}, in the same transaction as the chunks, and a restart continues from there.
     */
    ItemStreamReader<P> chunks(JobParameters parameters, Partition partition);

    /** The earliest moment at which a chunk may be processed; null for immediately. */
    default @Nullable Instant notBefore(P payload) {
        return null;
    }

    /** The amount of work of a chunk, in a unit of the step, in which its progress is measured. */
    default long items(P payload) {
        return 1;
    }
}
