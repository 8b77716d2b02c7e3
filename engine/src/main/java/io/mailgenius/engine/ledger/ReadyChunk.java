package io.mailgenius.engine.ledger;

/**
 * A READY chunk.
 *
 * @param jobInstanceId the job in whose queue it is published
 */
public record ReadyChunk(long id, long jobInstanceId, long workspaceId) {}
