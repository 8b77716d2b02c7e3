package io.mailgenius.engine.operations;

import io.mailgenius.schema.ChunkState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A chunk in a list.
 *
 * @param failures since the job was last restarted or the chunk was last retried by somebody
 * @param node the alias of the node that has it, or had it last
 * @param leaseUntil null unless CLAIMED
 * @param readyAt since when, or from when on, it may be claimed
 * @param startedAt when it was claimed for the first time
 * @param claimedAt when it was claimed last
 * @param finishedAt when it became DONE or FAILED
 * @param error the error of the last failure, until it is DONE
 */
public record ChunkView(
        long id,
        String step,
        int partition,
        int sequence,
        ChunkState state,
        long items,
        int attempt,
        int failures,
        @Nullable String node,
        @Nullable Instant leaseUntil,
        Instant readyAt,
        @Nullable Instant startedAt,
        @Nullable Instant claimedAt,
        @Nullable Instant finishedAt,
        @Nullable String cause,
        @Nullable String error) {}
