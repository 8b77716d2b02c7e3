package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.ledger.Counts;
import io.mailgenius.engine.manager.ChunkedStep;
import io.mailgenius.engine.manager.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Done;
import io.mailgenius.jobs.events.Shards;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.stereotype.Component;

/**
 * The step of a rollup: counts what has come in since, shard by shard, in chunks of neighbouring
 * commits.
 */
@Component
final class CountStep implements ChunkedStep<Batches.Range>, ChunkWork {

    /** So many events are worked off in about a second. */
    static final int CHUNK = 50_000;

    /** So many are counted by one worker: while events trickle in, a run is one chunk of them. */
    static final int FEW = 2 * CHUNK;

    private final Batches batches;
    private final BatchCount count;

    CountStep(Batches batches, BatchCount count) {
        this.batches = batches;
        this.count = count;
    }

    @Override
    public String name() {
        return "rollup.count";
    }

    @Override
    public String step() {
        return name();
    }

    @Override
    public List<?> partitions(JobParameters parameters) {
        return batches.events() > FEW ? Shards.all() : List.of(Shards.ANY);
    }

    @Override
    public ItemStreamReader<Batches.Range> chunks(JobParameters parameters, Partition partition) {
        return new Ranges(partition.as(Integer.class));
    }

    private final class Ranges implements ItemStreamReader<Batches.Range> {

        private final int shard;
        private long after;
        private long until = -1;

        Ranges(int shard) {
            this.shard = shard;
        }

        @Override
        public void open(ExecutionContext context) {
            after = context.getLong("after", 0);
            until = context.getLong("until", -1);
        }

        @Override
        public Batches.@Nullable Range read() {
            if (until < 0) {
                until = batches.last();
            }
            Optional<Batches.Range> next = batches.after(shard, after, until, CHUNK);
            next.ifPresent(range -> after = range.to());
            return next.orElse(null);
        }

        @Override
        public void update(ExecutionContext context) {
            context.putLong("after", after);
            context.putLong("until", until);
        }
    }

    /** Progress is measured in events. */
    @Override
    public long items(Batches.Range payload) {
        return payload.events();
    }

    @Override
    public Done work(Assignment chunk) {
        Batches.Range range = chunk.payload(Batches.Range.class);
        return chunk.complete(
                () -> {
                    BatchCount.Counted counted = count.count(range);
                    return Counts.of("events", counted.events(), "changed", counted.changed());
                });
    }
}
