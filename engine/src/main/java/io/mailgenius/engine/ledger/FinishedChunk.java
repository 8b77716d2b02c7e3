package io.mailgenius.engine.ledger;

/** A chunk whose work has succeeded and whose DONE state is not yet written. */
public record FinishedChunk(Claim claim, ChunkCounts counts) {}
