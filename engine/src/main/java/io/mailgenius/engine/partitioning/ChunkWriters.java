package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.JobQueues;
import java.time.Clock;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.databind.json.JsonMapper;

/** Makes the writer of each partition that is enumerated. */
public final class ChunkWriters {

    private final Ledger ledger;
    private final LiveLaunches launches;
    private final JobQueues queues;
    private final JsonMapper json;
    private final Clock clock;

    /**
     * @param ledger over the connections of the main pool, in whose transactions chunks are written
     */
    public ChunkWriters(
            Ledger ledger, LiveLaunches launches, JobQueues queues, JsonMapper json, Clock clock) {
        this.ledger = ledger;
        this.launches = launches;
        this.queues = queues;
        this.json = json;
        this.clock = clock;
    }

    <P> ChunkWriter<P> of(StepExecution execution, ChunkedStep<P> step, Partition partition) {
        return new ChunkWriter<>(
                LaunchRun.of(execution.getJobExecution()),
                step,
                partition.number(),
                ledger,
                launches,
                queues,
                json,
                clock);
    }
}
