package io.mailgenius.engine.partitioning;

import io.lettuce.core.RedisException;
import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.ChunkKey;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.ledger.NewChunk;
import io.mailgenius.engine.transport.JobQueues;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Inserts enumerated chunks into the ledger, in the transaction that also stores the position of
 * the reader, and notifies workers after the commit. A crash before the commit leaves nothing;
 * after a crash behind it the sweeper publishes the chunks.
 */
final class ChunkWriter<P> implements ItemStreamWriter<List<P>> {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkWriter.class);
    private static final String NEXT = "mailgenius.next.sequence";

    private final LaunchRun run;
    private final ChunkedStep<P> step;
    private final int partition;
    private final Ledger ledger;
    private final LiveLaunches launches;
    private final JobQueues queues;
    private final JsonMapper json;
    private final Clock clock;
    private int next;

    ChunkWriter(
            LaunchRun run,
            ChunkedStep<P> step,
            int partition,
            Ledger ledger,
            LiveLaunches launches,
            JobQueues queues,
            JsonMapper json,
            Clock clock) {
        this.run = run;
        this.step = step;
        this.partition = partition;
        this.ledger = ledger;
        this.launches = launches;
        this.queues = queues;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public void open(ExecutionContext context) {
        next = context.getInt(NEXT, 0);
    }

    @Override
    public void write(Chunk<? extends List<P>> batches) {
        launches.fence(run.launchId(), run.epoch());
        List<NewChunk> chunks =
                batches.getItems().stream().flatMap(List::stream).map(this::chunk).toList();
        Instant now = clock.instant();
        List<Long> ids =
                ledger.write(
                        run.workspaceId(),
                        new ChunkKey(run.jobInstanceId(), step.name(), partition, next),
                        chunks,
                        now);
        next += chunks.size();
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        wake(due(ids, chunks, now));
                    }
                });
    }

    private NewChunk chunk(P payload) {
        return new NewChunk(
                json.writeValueAsString(payload), step.items(payload), step.notBefore(payload));
    }

    private static List<Long> due(List<Long> ids, List<NewChunk> chunks, Instant now) {
        return IntStream.range(0, ids.size())
                .filter(n -> !chunks.get(n).isAfter(now))
                .mapToObj(ids::get)
                .toList();
    }

    private void wake(List<Long> ids) {
        try {
            queues.publish(run.jobInstanceId(), run.workspaceId(), ids);
        } catch (RedisException e) {
            LOG.debug("{} chunks were not published; the sweeper will publish them", ids.size(), e);
        }
    }

    @Override
    public void update(ExecutionContext context) {
        context.putInt(NEXT, next);
    }
}
