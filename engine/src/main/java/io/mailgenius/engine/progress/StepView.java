package io.mailgenius.engine.progress;

import io.mailgenius.schema.ChunkState;
import java.util.List;
import java.util.Map;

/** A heavy step, by what the ledger has of it. */
public record StepView(String name, List<PartitionView> partitions) {

    /**
     * @param chunks how many stand where; states without any are left out
     * @param attempts the most that one of its chunks took
     * @param counts sums over the chunks that are done
     * @param failures the first few chunks that were set aside
     */
    public record PartitionView(
            int partition,
            Map<ChunkState, Long> chunks,
            int attempts,
            Map<String, Long> counts,
            List<Owner> owners,
            List<Failure> failures) {

        public long total() {
            return chunks.values().stream().mapToLong(Long::longValue).sum();
        }

        public long done() {
            return chunks.getOrDefault(ChunkState.DONE, 0L);
        }
    }

    /**
     * @param chunks how many it has done
     * @param inHand how many it works on now
     */
    public record Owner(String node, long chunks, long inHand) {}

    public record Failure(int sequence, int attempt, String error) {}
}
