package io.mailgenius.engine.partitioning;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Returns the chunks of a partition in batches, each of which is one commit. The first batch is
 * small, so that workers start early; each next one is twice as large, because a commit costs more
 * than a chunk.
 */
final class ChunkBatches<P> implements ItemStreamReader<List<P>> {

    private static final int FIRST = 10;
    private static final int LARGEST = 500;

    private final ItemStreamReader<P> chunks;
    private int size = FIRST;

    ChunkBatches(ItemStreamReader<P> chunks) {
        this.chunks = chunks;
    }

    @Override
    public void open(ExecutionContext context) {
        chunks.open(context);
    }

    @Override
    public @Nullable List<P> read() throws Exception {
        List<P> batch = new ArrayList<>();
        P next = chunks.read();
        while (next != null) {
            batch.add(next);
            next = batch.size() < size ? chunks.read() : null;
        }
        size = Math.min(2 * size, LARGEST);
        return batch.isEmpty() ? null : batch;
    }

    @Override
    public void update(ExecutionContext context) {
        chunks.update(context);
    }

    @Override
    public void close() {
        chunks.close();
    }
}
