package io.mailgenius.engine.progress;

import io.mailgenius.schema.ChunkState;
import java.util.List;
import java.util.Map;

/** A heavy step, as the ledger has it. */
public record StepView(String name, List<PartitionView> partitions) {

    /**
     * @param chunks the number of chunks by state, without zeros
     * @param attempts the highest attempt of any of its chunks
     * @param counts the summed counts of the DONE chunks
     * @param failures the first FAILED chunks
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
     * @param chunks the number of chunks it has finished
     * @param inHand the number of chunks it has claimed now
     */
    public record Owner(String node, long chunks, long inHand) {}

    public record Failure(int sequence, int attempt, String error) {}
}
