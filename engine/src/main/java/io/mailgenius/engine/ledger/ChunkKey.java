package io.mailgenius.engine.ledger;

/** Which chunk of which step; stays the same when a job is restarted. */
public record ChunkKey(long jobInstanceId, String step, int partition, int sequence) {}
