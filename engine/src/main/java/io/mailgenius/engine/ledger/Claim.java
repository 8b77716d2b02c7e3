package io.mailgenius.engine.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A chunk in the hands of a node. The attempt is its fence: once the chunk is somebody else's,
 * nothing can be written under this claim any more.
 */
public record Claim(
        long id,
        ChunkKey key,
        long workspaceId,
        int attempt,
        int failures,
        String owner,
        String payload,
        @Nullable String checkpoint) {}
