package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.jobs.events.EventShards;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The step of the rollup. It counts the events received since the last run, in chunks of adjacent
 * commits. Workers on the same shard write one after the other, so consecutive chunks are of
 * different shards, and workers that process them in parallel do not wait.
 */
@Component
final class CountStep implements ChunkedStep<UncountedBatches.Range>, ChunkWork {

    /** The number of events that one worker counts in about a second. */
    static final int CHUNK = 50_000;

    /** Up to this number a run has a single chunk. */
    static final int SINGLE_CHUNK = 2 * CHUNK;

    private final UncountedBatches batches;
    private final BatchCount count;
    private final Semaphore counting;

    @Autowired
    CountStep(UncountedBatches batches, BatchCount count) {
        this(batches, count, Runtime.getRuntime().availableProcessors());
    }

    CountStep(UncountedBatches batches, BatchCount count, int atOnce) {
        this.batches = batches;
        this.count = count;
        this.counting = new Semaphore(atOnce, true);
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
        return List.of(batches.events() > SINGLE_CHUNK ? EventShards.ROTATING : EventShards.ANY);
    }

    @Override
    public ItemStreamReader<UncountedBatches.Range> chunks(
            JobParameters parameters, Partition partition) {
        int shard = partition.as(Integer.class);
        return new Ranges(shard == EventShards.ROTATING ? EventShards.all() : List.of(shard));
    }

    /** Returns ranges of the shards in rotation, until all are exhausted. */
    private final class Ranges implements ItemStreamReader<UncountedBatches.Range> {

        private final List<Integer> shards;
        private final Map<Integer, Long> after = new HashMap<>();
        private int next;
        private long until = -1;

        Ranges(List<Integer> shards) {
            this.shards = shards;
        }

        @Override
        public void open(ExecutionContext context) {
            shards.forEach(shard -> after.put(shard, context.getLong(key(shard), 0)));
            until = context.getLong("until", -1);
        }

        @Override
        public UncountedBatches.@Nullable Range read() {
            if (until < 0) {
                until = batches.last();
            }
            for (int asked = 0; asked < shards.size(); asked++) {
                int shard = shards.get(next);
                next = (next + 1) % shards.size();
                Optional<UncountedBatches.Range> range =
                        batches.after(shard, after.getOrDefault(shard, 0L), until, CHUNK);
                if (range.isPresent()) {
                    after.put(shard, range.get().to());
                    return range.get();
                }
            }
            return null;
        }

        @Override
        public void update(ExecutionContext context) {
            shards.forEach(shard -> context.putLong(key(shard), after.getOrDefault(shard, 0L)));
            context.putLong("until", until);
        }

        /**
         * A single shard keeps its former key, so that runs with a partition per shard can be
         * resumed.
         */
        private String key(int shard) {
            return shards.size() == 1 ? "after" : "after." + shard;
        }
    }

    /** Progress is measured in events. */
    @Override
    public long items(UncountedBatches.Range payload) {
        return payload.events();
    }

    /** One statement counts hundreds of thousands of events. */
    @Override
    public Duration statementLimit() {
        return Duration.ofMinutes(2);
    }

    @Override
    public ChunkDone work(Assignment chunk) throws InterruptedException {
        UncountedBatches.Range range = chunk.payload(UncountedBatches.Range.class);
        return withPermit(
                () ->
                        chunk.complete(
                                () -> {
                                    BatchCount.Counted counted = count.count(range);
                                    return ChunkCounts.of(
                                            "events",
                                            counted.events(),
                                            "changed",
                                            counted.changed());
                                }));
    }

    /**
     * Limits concurrent chunks to the number of cores: all work is done by PostgreSQL, and more
     * concurrency costs a third more CPU for the same events. Further chunks wait before their
     * transactions begin; an interrupt returns them to the queue.
     */
    <T> T withPermit(Supplier<T> work) throws InterruptedException {
        counting.acquire();
        try {
            return work.get();
        } finally {
            counting.release();
        }
    }
}
