package io.mailgenius.engine.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A chunk that a node has claimed. Attempt and owner are the fence: a write under this claim
 * changes no row once another node has claimed the chunk.
 */
public record Claim(
        long id,
        ChunkKey key,
        long workspaceId,
        int attempt,
        int failures,
        String owner,
        String payload,
        long items,
        @Nullable String checkpoint,
        JobOfChunk job) {}
