package io.mailgenius.engine.ledger;

/**
 * A chunk to be written down.
 *
 * @param payload what to do, as JSON
 * @param items how much work it is, in the unit of its step
 */
public record NewChunk(String payload, long items) {}
