package io.mailgenius.engine.ledger;

/**
 * A chunk that waits to be taken.
 *
 * @param jobInstanceId the job in whose queue it is published
 */
public record ReadyChunk(long id, long jobInstanceId, long workspaceId) {}
