package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.jobs.events.EventShards;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import tools.jackson.databind.json.JsonMapper;

class CountStepTest {

    private final RollupFixture fixture = new RollupFixture();
    private final CountStep step = new CountStep(fixture.batches, fixture.count);
    private final JsonMapper json = JsonMapper.builder().build();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Workers take chunks in this order, and those of one shard write one after the other. */
    @Test
    void no_more_chunks_are_counted_at_once_than_there_are_cores() throws Exception {
        CountStep two = new CountStep(fixture.batches, fixture.count, 2);
        Semaphore entered = new Semaphore(0);
        Semaphore leave = new Semaphore(0);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            two.withPermit(
                                                    () -> {
                                                        entered.release();
                                                        leave.acquireUninterruptibly();
                                                        return 0;
                                                    });
                                        } catch (InterruptedException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    }));
        }
        entered.acquire(2);
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        assertThat(entered.availablePermits()).isZero();

        leave.release(3);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(entered.availablePermits()).isEqualTo(1);
    }

    @Test
    void chunks_that_follow_each_other_are_of_different_shards() throws Exception {
        batches(3);
        List<UncountedBatches.Range> ranges = rest(new ExecutionContext(), 100);
        assertThat(ranges)
                .extracting(UncountedBatches.Range::shard)
                .containsExactly(4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
        assertThat(ranges.stream().mapToLong(UncountedBatches.Range::events).sum())
                .isEqualTo(12L * CountStep.CHUNK);
    }

    @Test
    void a_restart_continues_at_the_position_of_each_shard() throws Exception {
        batches(3);
        ExecutionContext position = new ExecutionContext();
        List<UncountedBatches.Range> all = new ArrayList<>(rest(position, 6));
        all.addAll(rest(position, 100));
        assertThat(all).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void a_shard_with_more_than_the_others_is_counted_to_its_end() throws Exception {
        batches(1);
        fixture.owner.sql("UPDATE event_batch SET shard = 6").update();
        assertThat(rest(new ExecutionContext(), 100))
                .extracting(UncountedBatches.Range::shard)
                .containsExactly(6, 6, 6, 6);
    }

    /** A chunk per shard would cost more than parallel workers would save. */
    @Test
    void few_events_are_one_chunk_of_all_shards() throws Exception {
        batches(1);
        fixture.owner.sql("UPDATE event_batch SET events = 10").update();
        assertThat(rest(new ExecutionContext(), 100))
                .extracting(UncountedBatches.Range::shard, UncountedBatches.Range::events)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(EventShards.ANY, 40L));
    }

    /** Creates the given number of batches per shard, each as large as a chunk. */
    private void batches(int ofEachShard) {
        fixture.owner
                .sql(
                        """
                        INSERT INTO event_batch (workspace_id, shard, events, campaigns, first_at, last_at)
                        SELECT ?, shard, ?, '{7}', now(), now()
                          FROM generate_series(1, ?) AS n, generate_series(4, 7) AS shard
                         ORDER BY n, shard
                        """)
                .param(fixture.workspace)
                .param(CountStep.CHUNK)
                .param(ofEachShard)
                .update();
    }

    private List<UncountedBatches.Range> rest(ExecutionContext position, int atMost)
            throws Exception {
        JobParameters parameters = new JobParameters();
        List<?> partitions = fixture.in(() -> step.partitions(parameters));
        assertThat(partitions).hasSize(1);
        ItemStreamReader<UncountedBatches.Range> chunks =
                step.chunks(
                        parameters,
                        new Partition(0, json.writeValueAsString(partitions.getFirst()), json));
        chunks.open(position);
        List<UncountedBatches.Range> ranges = new ArrayList<>();
        while (ranges.size() < atMost) {
            UncountedBatches.Range next =
                    fixture.in(
                            () -> {
                                try {
                                    return chunks.read();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            if (next == null) {
                break;
            }
            ranges.add(next);
        }
        chunks.update(position);
        return ranges;
    }
}
