package io.mailgenius.engine.ledger;

/** Identifies a chunk within its job instance. A restart of the job does not change it. */
public record ChunkKey(long jobInstanceId, String step, int partition, int sequence) {}
