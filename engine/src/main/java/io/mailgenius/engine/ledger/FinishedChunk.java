package io.mailgenius.engine.ledger;

/** A chunk whose work is done and wants to be written down. */
public record FinishedChunk(Claim claim, ChunkCounts counts) {}
