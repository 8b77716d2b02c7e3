package io.mailgenius.jobs.chaos;

import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A campaign's job as the ledger has it at one moment.
 *
 * @param epoch grows with every node that takes the job on
 * @param owner the node that has, if any
 */
public record Sight(
        LaunchState state,
        int epoch,
        @Nullable String owner,
        @Nullable String error,
        List<ChunkSeen> chunks) {

    public record ChunkSeen(
            long id,
            ChunkState state,
            int attempt,
            int failures,
            @Nullable String owner,
            @Nullable Instant finishedAt,
            @Nullable String error) {

        /** Whether it is, or was at last, in the hand of a node of this process. */
        public boolean of(long pid) {
            return Sight.isOf(owner, pid);
        }
    }

    public boolean ownedBy(long pid) {
        return isOf(owner, pid);
    }

    /** A node's id is its host, its process, and four random digits. */
    static boolean isOf(@Nullable String node, long pid) {
        return node != null && node.matches(".*-" + pid + "-[0-9a-f]{4}");
    }

    public List<ChunkSeen> inHandOf(long pid) {
        return chunks.stream()
                .filter(chunk -> chunk.state() == ChunkState.CLAIMED && chunk.of(pid))
                .toList();
    }
}
