package io.mailgenius.engine.operations;

import io.mailgenius.schema.ChunkState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tile of a heat map: some chunks of a partition that were enumerated one after the other.
 *
 * @param firstChunk the lowest id of a chunk in the tile
 * @param lastChunk the highest
 * @param chunks by state, without zeros
 * @param attempts the highest attempt of any of them
 * @param oldest since when the longest waiting or claimed one of them is ready or claimed; null if
 *     none is unfinished
 */
public record ChunkTile(
        String step,
        int partition,
        int firstSequence,
        int lastSequence,
        long firstChunk,
        long lastChunk,
        Map<ChunkState, Long> chunks,
        int attempts,
        @Nullable Instant oldest) {}
