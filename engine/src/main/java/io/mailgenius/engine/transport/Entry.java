package io.mailgenius.engine.transport;

/** One entry of a lane: somebody should look at this chunk. */
public record Entry(long jobInstanceId, String entryId, long chunkId) {}
